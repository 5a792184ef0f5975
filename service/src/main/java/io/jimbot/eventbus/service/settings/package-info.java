/**
 * Checks that the settings of all packages share. At the bottom of the package order; owns no
 * thread.
 */
@NullMarked
package io.jimbot.eventbus.service.settings;

import org.jspecify.annotations.NullMarked;
