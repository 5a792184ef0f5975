/** Tests of what is told of proposed schemas. */
@NullMarked
package io.jimbot.eventbus.gateway.schema;

import org.jspecify.annotations.NullMarked;
