using System.CommandLine;
using Swan.Cli.Options;

namespace Swan.Cli.Commands;

/// <summary><c>swan job</c>: batch jobs that a scheduler runs.</summary>
internal static class JobCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "job", "Embeds images on many machines: plans a run, runs its shards in any order, shows progress.",
            "swan job plan --images tiles --out embeddings-of-tiles --shards 400");
        command.Subcommands.Add(JobPlanCommand.Create());
        command.Subcommands.Add(JobRunCommand.Create());
        command.Subcommands.Add(JobStatusCommand.Create());
        command.Subcommands.Add(JobReportCommand.Create());
        command.Subcommands.Add(JobFailedCommand.Create());
        command.Subcommands.Add(JobCompactCommand.Create());
        return command;
    }
}
