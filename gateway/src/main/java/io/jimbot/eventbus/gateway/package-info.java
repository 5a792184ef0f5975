/**
 * The assembly of the gateway: settings, start, stop. The only package that sees all the others;
 * nothing imports it.
 */
@NullMarked
package io.jimbot.eventbus.gateway;

import org.jspecify.annotations.NullMarked;
