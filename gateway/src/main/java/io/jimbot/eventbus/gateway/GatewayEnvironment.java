package io.jimbot.eventbus.gateway;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.jimbot.eventbus.service.telemetry.Telemetry;
import java.util.Objects;

/** Makes Dropwizard's environment without Dropwizard's application around it. */
final class GatewayEnvironment {

  private GatewayEnvironment() {}

  static Environment of(Telemetry telemetry) {
    return new Environment(
        "eventbus-gateway",
        Jackson.newObjectMapper(),
        Validators.newValidatorFactory(),
        telemetry.frameworkRegistry(),
        Objects.requireNonNullElseGet(
            Thread.currentThread().getContextClassLoader(),
            GatewayEnvironment.class::getClassLoader),
        new HealthCheckRegistry(),
        new Configuration());
  }
}
