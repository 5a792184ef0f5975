@NullMarked
package io.jimbot.eventbus.service.telemetry;

import org.jspecify.annotations.NullMarked;
