# Stands in for Elastic's own image: the same server, user, folders and environment, with curl.
FROM localhost/stand-in/bookworm
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
COPY --from=java . /usr/share/java-home
COPY --from=home --chown=1000:0 . /usr/share/elasticsearch
COPY elasticsearch_entry.py /
RUN install -d -o 1000 -g 0 /usr/share/elasticsearch /usr/share/elasticsearch/data /usr/share/elasticsearch/logs
WORKDIR /usr/share/elasticsearch
USER 1000:0
EXPOSE 9200
ENTRYPOINT ["python3", "/elasticsearch_entry.py"]
