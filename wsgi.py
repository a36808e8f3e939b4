"""What a WSGI server loads: `gunicorn wsgi:app`; knows nothing but the factory."""

from callbridge.app import create_app

app = create_app()
