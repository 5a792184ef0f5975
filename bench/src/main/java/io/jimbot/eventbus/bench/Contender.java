package io.jimbot.eventbus.bench;

import java.util.Locale;

/** Who carries the events to the broker. */
enum Contender {
  /** A plain producer in this JVM. */
  RAW {
    @Override
    double cpuSeconds(CpuSeconds cpu) {
      return cpu.load();
    }
  },
  /** The gateway, over HTTP. */
  GATEWAY {
    @Override
    double cpuSeconds(CpuSeconds cpu) {
      return cpu.gateway();
    }
  };

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The CPU time of the process that is the contender. */
  abstract double cpuSeconds(CpuSeconds cpu);

  String word() {
    return word;
  }
}
