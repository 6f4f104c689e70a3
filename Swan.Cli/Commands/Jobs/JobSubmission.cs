using System.CommandLine;
using Swan.Batch;
using Swan.Batch.Runs;
using Swan.Batch.Stores;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.Cli.Submission;

namespace Swan.Cli.Commands;

/// <summary>What is written beside a plan, for the scheduler that is there.</summary>
internal sealed class JobSubmission
{
    private readonly Option<string?> _slurm = File("--slurm", "Also write a job array for Slurm: 'sbatch FILE'.", "file.sh");

    private readonly Option<string?> _kubernetes =
        File("--kubernetes", "Also write an indexed Job for Kubernetes: 'kubectl create -f FILE'.", "file.yaml");

    private readonly Option<string?> _azureBatch =
        File("--azure-batch", "Also write tasks for Azure Batch: 'az batch task create --json-file FILE'.", "file.json");

    /// <summary>Adds the options to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command.With("Submission", _slurm, _kubernetes, _azureBatch);

    /// <summary>The files that are asked for.</summary>
    /// <exception cref="UsageException">Two are one.</exception>
    /// <exception cref="SwanBatchException">One of them exists, and an earlier plan didn't write it.</exception>
    public IReadOnlyList<SubmissionFile> Read(ParseResult parsed)
    {
        (Option<string?> Option, Func<PlannedRun, string> Write)[] formats =
            [(_slurm, SlurmScript.Write), (_kubernetes, KubernetesJob.Write), (_azureBatch, AzureBatchTasks.Write)];
        SubmissionFile[] files = [.. formats.Where(format => parsed.GetValue(format.Option) is not null)
            .Select(format => new SubmissionFile(Path.GetFullPath(parsed.GetValue(format.Option)!), format.Write))];
        if (files.GroupBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"Two options name '{twice.Key}'. Give each its own file.");
        foreach (SubmissionFile file in files) file.Check();
        return files;
    }

    /// <summary>Writes the files of the run that has not ended, or removes them where there is none.</summary>
    public static async Task WriteAsync(
        IReadOnlyList<SubmissionFile> files, JobInput input, JobMachineOptions machine, ParseResult parsed, TextWriter notes,
        CancellationToken cancellation)
    {
        if (files.Count == 0) return;
        JobHistory history = await JobHistory.ReadAsync(new RunStore(input.Output), ends: false, cancellation).ConfigureAwait(false);
        PlannedRun? run = history.Unfinished is { Shards: > 0 } plan
            ? Describe(plan.Number, plan.Id, plan.Shards, input, machine.GivenStores(parsed)) with
            {
                MachineOptions = machine.Given(parsed),
            }
            : null;
        foreach (SubmissionFile file in files)
        {
            if (file.Update(run) is { } done) notes.WriteLine(done);
        }
    }

    /// <summary>A run without secrets.</summary>
    internal static PlannedRun Describe(int number, string id, int shards, JobInput input, IReadOnlyList<string> storeOptions)
    {
        BatchJobOptions job = input.Options;
        string? model = job.Model is null ? null : Path.GetFullPath(job.Model);
        string? images = job.Images ?? (job.List is null ? null : job.Root ?? Path.GetFullPath("."));
        var folders = new List<NeededFolder>();
        if (input.Output is FolderStore) folders.Add(new(input.Output.Address, IsWritten: true));
        if (images is not null) folders.Add(new(images, IsWritten: false));
        // Signatures are read from it again.
        if (job is { List: { } list, Addresses: not null })
            folders.Add(new(Path.GetDirectoryName(Path.GetFullPath(list))!, IsWritten: false));
        folders.AddRange((job.Source?.Folders ?? []).Select(folder => new NeededFolder(folder, IsWritten: false)));
        if (model is not null) folders.Add(new(Path.GetDirectoryName(model)!, IsWritten: false));
        return new PlannedRun(number, id, shards, ObjectStores.ObjectStores.WithoutSecrets(input.Output.Address), storeOptions)
        {
            Model = model,
            Threads = job.Threads > 0 ? job.Threads : null,
            Folders = NeededFolder.Outermost(folders),
        };
    }

    private static Option<string?> File(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };
}
