package io.jimbot.eventbus.gateway.delivery.games;

/**
 * Where the newest state of a game lies.
 *
 * @param game the game's id
 * @param partition of the topic of states, from 0
 * @param offset in it, from 0
 * @param receivedAtMillis when the bus took it in, in milliseconds since 1970
 */
public record GamePlace(String game, int partition, long offset, long receivedAtMillis) {}
