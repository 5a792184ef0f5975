/**
 * Checks of the contract itself: its conventions, the keys that were captured from the game, and
 * its compatibility with the last release. Nothing here opens a socket or starts a thread.
 */
@NullMarked
package io.jimbot.eventbus.proto;

import org.jspecify.annotations.NullMarked;
