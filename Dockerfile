# The bot with the draft model. For Wan and LTX build with: --build-arg EXTRAS=[gpu]
FROM python:3.12-slim
ARG EXTRAS=
RUN useradd --create-home --uid 1000 stillmotion
WORKDIR /app
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY bot bot
COPY generation generation
COPY storage storage
COPY sandbox sandbox
RUN pip install --no-cache-dir -c constraints.txt ".${EXTRAS}"
USER stillmotion
WORKDIR /home/stillmotion
# A volume has the owner of the folder that it is put over; without one it would be root's.
RUN mkdir data models
ENV STILLMOTION_DATA_FOLDER=/home/stillmotion/data STILLMOTION_LOG_FORMAT=json HF_HOME=/home/stillmotion/models
VOLUME /home/stillmotion/data /home/stillmotion/models
# exec form: SIGTERM reaches the bot itself, which then stops cleanly.
ENTRYPOINT ["stillmotion"]
