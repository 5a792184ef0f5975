package io.jimbot.eventbus.cli;

import picocli.CommandLine.Command;

/** {@code eventbus schema}: what a change of the contract would do. */
@Command(
    name = "schema",
    description = "Tells what a change of the contract breaks, and what it does to stored events.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SchemaCheckCommand.class, SchemaWhatIfCommand.class, SchemaMigrateCommand.class})
final class SchemaCommand {}
