using System.CommandLine;
using Swan.Cli.Display;
using Swan.Cli.Doctor;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Commands;

/// <summary><c>swan doctor</c>: checks what swan needs on this machine.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("doctor", "Checks native libraries, devices, cores and memory, and runs a self-test of seconds.",
            "swan doctor --json > doctor.json")
            .With("Output", Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        Diagnosis diagnosis = Diagnosis.Run(cancellation);
        if (parsed.GetValue(Json)) JsonOutput.Write(diagnosis.ToJson());
        else Show(diagnosis);
        return diagnosis.HasProblems ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Show(Diagnosis diagnosis)
    {
        Console.WriteLine($"swan {diagnosis.Versions.Swan}{(diagnosis.Versions.Commit is { } commit ? $" (commit {commit})" : "")}\n");
        foreach (Finding finding in diagnosis.Findings)
        {
            string mark = finding.State switch { FindingState.Ok => "ok", FindingState.Note => "note", _ => "PROBLEM" };
            Console.WriteLine($"{mark,-9}{finding.Name,-14}{finding.Text}");
            if (finding.Fix is { } fix) Console.WriteLine($"{"",-23}Fix: {fix}");
        }

        Console.WriteLine(diagnosis.HasProblems ? "\nSomething that swan needs does not work; see PROBLEM."
            : "\nEverything that swan needs works.");
    }
}
