# Stands in for python:3.11-slim: Python and pip below /usr/local, packages in site-packages, and little else.
FROM localhost/stand-in/bookworm
RUN python3 -m venv --upgrade-deps /usr/local
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
CMD ["python3"]
