package io.jimbot.eventbus.gateway.http;

import io.jimbot.eventbus.gateway.ingest.Ingest;
import io.jimbot.eventbus.gateway.telemetry.HttpMetrics;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** What all publishing requests share. */
record IngestServices(
    Ingest ingest,
    IngestAnswers answers,
    HttpMetrics metrics,
    ScheduledExecutorService timer,
    Duration readTimeout,
    Duration answerTimeout,
    int retryAfterSeconds) {}
