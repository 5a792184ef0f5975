package io.jimbot.eventbus.gateway.telemetry;

/**
 * Where traces go.
 *
 * @param endpoint the collector's OTLP over HTTP, for example {@code
 *     http://localhost:4318/v1/traces}; {@code none} costs nothing
 * @param sampleRatio which part of the traces that begin here is recorded, 0 to 1; one that began
 *     elsewhere is recorded if it is there
 * @param serviceName what the gateway is called in traces
 */
public record TracingSettings(String endpoint, double sampleRatio, String serviceName) {

  private static final String NONE = "none";

  /** Checks the values. */
  public TracingSettings {
    if (endpoint == null || !endpoint.matches("none|https?://.+")) {
      throw new IllegalArgumentException(
          "tracing.endpoint must be none or begin with http:// or https://, is '" + endpoint + "'");
    }
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
      throw new IllegalArgumentException("tracing.sampleRatio must be 0 to 1, is " + sampleRatio);
    }
    if (serviceName == null || serviceName.isBlank()) {
      throw new IllegalArgumentException("tracing.serviceName must be given");
    }
  }

  /** Whether spans are made at all. */
  public boolean isOn() {
    return !endpoint.equals(NONE);
  }
}
