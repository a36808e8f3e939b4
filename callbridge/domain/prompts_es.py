"""What the phone says in Spanish, by name; placeholders are filled by `domain.speaking`."""

from __future__ import annotations

from collections.abc import Mapping

SPANISH: Mapping[str, str] = {
    "greeting": (
        "Hola, le llama {organization}. Usted pidió hablar con {purpose}. "
        "Para seguir, marque 1. Para no recibir más llamadas, marque 9."
    ),
    "greeting_again": (
        "Hola, le llama {organization}. Usted pidió hablar con {purpose}. "
        "Ahora: marque 1. Más tarde: marque 2. No recibir más llamadas: marque 9."
    ),
    "greeting_slot": (
        "Hola, aquí {organization}, con su llamada con {purpose}. "
        "Ahora: marque 1. Más tarde o cambiar: marque 2. No más llamadas: marque 9."
    ),
    "greeting_call_in": (
        "Hola, aquí {organization}. Le comunicamos con {purpose}. "
        "Para seguir, marque 1. Para que le llamemos nosotros, marque 2."
    ),
    "greeting_withheld": (
        "Hola, aquí {organization}. Le comunicamos con {purpose}. Para seguir, marque 1."
    ),
    "greeting_campaigns": "Hola, aquí {organization}. {menu}",
    "campaign_choice": "Para {words}, marque {key}.",
    "again": "Se lo repito.",
    "thanks": "Gracias.",
    "identity": "Le habló {organization}, {phone}. Adiós.",
    "opt_out_confirm": (
        "Para no recibir más llamadas nuestras, marque 9. Para seguir con esta, marque 1."
    ),
    "opted_out": "No volveremos a llamar a este número. Si fue un error, marque 1 ahora.",
    "opt_out_undone": "Queda anulado. Gracias.",
    "crosses_state_line": "Su código postal abarca más de un estado.",
    "state_choice": "Si vive en {words}, marque {key}.",
    "state_not_sure": "Si no está seguro, marque 0.",
    "several_districts": "Su código postal abarca más de un distrito.",
    "district_choice": "Si le corresponde {words}, marque {key}.",
    "vacant_choice": "Si vive en el distrito {words}, cuyo escaño está vacante, marque {key}.",
    "district_not_sure": "Si no está seguro, marque 0.",
    "by_post_office": "Entonces nos guiamos por su oficina de correos: {city}, {state}.",
    "senators_only": "Entonces llamamos a sus senadores y dejamos fuera la Cámara.",
    "house_unsure": (
        "Entonces no podemos saber quién le representa. En nuestra página puede buscarlo "
        "con su dirección."
    ),
    "ask_zip": "Marque los cinco dígitos del código postal donde vive.",
    "zip_heard": "{zip}, {city}.",
    "zip_only_mail": "{zip}, {city}. Ese código es solo para correspondencia.",
    "zip_one_organization": "{zip}, {city}. Ese código pertenece a una sola organización.",
    "zip_no_streets": "{zip}, {city}. No conocemos las calles de ese código.",
    "ask_home_zip": "Marque el código postal de su casa. Si no tiene otro, marque numeral.",
    "zip_not_understood": "Un código postal tiene cinco dígitos. Probemos otra vez.",
    "zip_unknown": "No encontramos ese código postal. Probemos otra vez.",
    "zip_nobody": "Allí no se elige a nadie del Congreso. Marque el código postal donde vota.",
    "house_vacant": "Su escaño en la Cámara está vacante por ahora.",
    "no_target": "Para ese código postal no hay ahora a quién llamar en esta campaña.",
    "line_one": "Le comunicamos con {target}.",
    "line_many": "{ordinal} de {count}: {target}.",
    "closed": "La oficina está cerrada ahora. Espere en la línea para dejar un mensaje.",
    "brief_ready": "Cuando quiera que le comuniquemos, marque 1. Esto es lo que puede decir.",
    "brief_mailbox": "Si le responde un buzón, deje el mismo mensaje. También cuenta.",
    "brief_keys": "Para comunicarle ahora, marque 1. Para oírlo otra vez, marque asterisco.",
    "brief_keys_branches": (
        "Para comunicarle, marque 1. Su respuesta {branches} Para oírlo otra vez, marque asterisco."
    ),
    "brief_short": "Cuando quiera que le comuniquemos, marque 1.",
    "brief_open": "Para que le llamemos cuando abran, marque 5.",
    "brief_later": "Para que le llamemos en otro momento, marque 5.",
    "branch_support": "Si están a favor, marque 2.",
    "branch_oppose": "Si están en contra, marque 3.",
    "branch_unsure": "Si no lo saben, marque 4.",
    "say_support": "Si están a favor, diga:",
    "say_oppose": "Si están en contra, diga:",
    "say_unsure": "Si no lo saben, diga:",
    "reply_keys": (
        "Para comunicarle ahora, marque 1. Su respuesta: {branches} Otra vez, marque asterisco."
    ),
    "connecting_first": (
        "Le comunicamos. No se graba nada. Cuando termine, marque asterisco; no cuelgue."
    ),
    "connecting_first_district": (
        "Le comunicamos con la oficina de {city}. No se graba nada. "
        "Cuando termine, marque asterisco; no cuelgue."
    ),
    "connecting": "Le comunicamos. Marque asterisco cuando termine.",
    "welcome_back": "Aquí estamos otra vez.",
    "option": "{words}: marque {key}.",
    "read_back": "Usted dijo: {answers}. Para cambiarlo, marque asterisco.",
    "line_busy": "La línea de {city} está ocupada.",
    "line_no_answer": "Nadie contestó en {city}.",
    "line_failed": "El número de {city} no funcionó.",
    "line_crowded": "Esa oficina ya tiene varias llamadas nuestras.",
    "trying": "Gracias por intentarlo.",
    "mailbox_counts": "Las oficinas cuentan esos mensajes.",
    "offer_next": (
        "{line} Para hablar ahora con la oficina, marque 1. Para saltarla, marque numeral."
    ),
    "offer_other": (
        "{member} tiene una oficina en {city}. Está abierta. "
        "Para llamarla ahora, marque 1. Para saltarla, marque numeral."
    ),
    "offer_later": "Para seguir en otro momento, marque 5.",
    "offer_ring_back": (
        "Todas las oficinas tienen ya las llamadas nuestras que pueden atender. "
        "La espera es de unos {wait}. Para que le llamemos entonces, marque 1. "
        "Para terminar aquí, marque numeral."
    ),
    "offer_wait": (
        "Todas las oficinas tienen ya las llamadas nuestras que pueden atender. "
        "Pruebe otra vez en {wait}."
    ),
    "pause": (
        "Siguiente: {next}. Para seguir, marque 1. Para una pausa de 15 minutos, marque 2. "
        "Para terminar, marque 3."
    ),
    "ring_back": "Le llamamos en {wait}. Adiós.",
    "later_quarter": "En 15 minutos",
    "later_hour": "En una hora",
    "later_when": "En otro momento",
    "later_move": "Para cambiar la hora de estas llamadas",
    "later_stop": "Para que cesen estas llamadas",
    "when_hour": "En una hora",
    "when_afternoon": "Esta tarde",
    "when_tomorrow_morning": "Mañana por la mañana",
    "when_tomorrow_afternoon": "Mañana por la tarde",
    "when_next_week": "Dentro de una semana",
    "when_own": "A otra hora",
    "go_on_now": "Para seguir ahora, marque numeral.",
    "ask_day": (
        "¿Qué día? Lunes: marque 1. Martes: marque 2. Miércoles: marque 3. "
        "Jueves: marque 4. Viernes: marque 5. El mismo día: marque 6."
    ),
    "ask_hour": "Marque la hora, por ejemplo 2 para las dos, y luego numeral.",
    "hour_not_fitting": "A esa hora no llamamos. Probemos otra vez.",
    "confirm_ring": (
        "Le llamamos {when}. Si está bien, marque 1. Para otro momento, marque asterisco."
    ),
    "confirm_open": (
        "Abren {when} en su reloj. Para que le llamemos entonces, marque 1. "
        "Para otro momento, marque asterisco."
    ),
    "confirm_slot": (
        "Desde ahora le llamamos {when}. Si está bien, marque 1. Para otra hora, marque asterisco."
    ),
    "ring_back_at": "Le llamamos {when}. Adiós.",
    "slot_moved": "Desde ahora le llamamos {when}. Adiós.",
    "slot_stopped": "Ya no haremos esas llamadas.",
    "stopped": "Terminamos aquí. Guardamos lo que nos dijo.",
    "turn_spent_today": "Por hoy ya hicimos todas las llamadas que podíamos.",
    "turn_spent": "Ya hicimos todas las llamadas que podíamos.",
    "turn_nobody": "Ya no queda a quién llamar por ahora.",
    "last": "Era la última. Gracias por llamar.",
    "last_only": "Gracias por llamar.",
    "sorry": (
        "Perdone, algo falló de nuestro lado. Guardamos lo que nos dijo. "
        "Pruebe otra vez dentro de un rato."
    ),
    "unavailable": "Perdone, este número no atiende llamadas por ahora.",
    "paused": (
        "Esta campaña está en pausa y ahora no podemos comunicarle. "
        "No se pierde nada de lo que nos dijo."
    ),
}
