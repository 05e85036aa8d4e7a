# Stands in for tensorflow/tensorflow:2.21.0-gpu, without CUDA: a distribution's Python that may be installed into, with a
# package of the distribution's that pip cannot uninstall, and a TensorFlow whose companions are older than ours.
FROM localhost/stand-in/bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-pip python3-blinker \
    && rm -rf /var/lib/apt/lists/* /usr/lib/python3*/EXTERNALLY-MANAGED \
    && ln -s python3 /usr/bin/python
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m pip install --upgrade pip \
    && python3 -m pip install tensorflow==2.21.0 'keras<3.15' 'numpy<2.4'
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
CMD ["/bin/bash"]
