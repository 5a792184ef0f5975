/** The processor as an operator's tools see it: alive, ready, metrics. Knows no part. */
@NullMarked
package io.jimbot.eventbus.processor.http;

import org.jspecify.annotations.NullMarked;
