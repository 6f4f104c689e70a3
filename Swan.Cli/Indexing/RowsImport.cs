using System.Globalization;
using Swan.Batch.Indexes;
using Swan.Batch.Stores;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Rows that are embedded already, in a file that <c>--from</c> names.</summary>
/// <param name="input">The command line.</param>
/// <param name="path">The file, or a batch job's folder.</param>
internal sealed class RowsImport(IndexInputValues input, string path)
{
    private const string KeysEnding = ".keys.txt";

    /// <summary>The file beside a .npy file with its rows' keys.</summary>
    public static string KeysOf(string npy) => Path.ChangeExtension(npy, null) + KeysEnding;

    /// <summary>What a new index of these rows holds.</summary>
    public SwanIndexSettings Settings(CancellationToken cancellation)
    {
        SwanIndexSettings settings = Kind() switch
        {
            FileKind.Index => SwanIndexSettings.For(SwanIndex.Load(path)),
            FileKind.Npy => new SwanIndexSettings(NpyColumns()),
            FileKind.Job => UseJob(job => SwanIndexJobs.ReadSettingsAsync(job, input.Types, cancellation)),
            _ => SwanIndexParquet.ReadSettingsAsync(path, input.Types, cancellation).GetAwaiter().GetResult(),
        };
        ModelIdentity? given = Given();
        if (!ModelIdentity.Agree(settings.Model, given))
            throw new SwanMismatchException($"The rows of '{path}' are of {settings.Model}, but --model is {given}. Leave --model out.");
        settings.Model ??= given;
        return settings;
    }

    /// <summary>Takes the rows; nothing is committed.</summary>
    /// <exception cref="CommandException">Keys or values are wrong, or a column has another type than the index's.</exception>
    /// <exception cref="SwanMismatchException">--model isn't the index's.</exception>
    public AddedImages Run(SwanLiveIndex index, SwanIndexWriter writer, WorkDisplay display, CancellationToken cancellation)
    {
        ModelIdentity? given = Given();
        if (!ModelIdentity.Agree(index.Model, given))
        {
            throw new SwanMismatchException($"'{index.Folder}' holds embeddings of {index.Model}, but --model says that the rows of "
                + $"'{path}' are of {given}: {ModelIdentity.Consequence(index.Model, given)} Give rows of the index's model.");
        }
        try
        {
            FileKind kind = Kind();
            if (kind == FileKind.Job) return OfJob(writer, display, cancellation);
            return AddedImages.Of(kind switch
            {
                FileKind.Index => OfIndex(index, writer, display, cancellation),
                FileKind.Npy => OfNpy(index, writer, display, cancellation),
                _ => OfParquet(index, writer, display, cancellation),
            });
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{path}' can't be taken: {e.Sentence()}", e);
        }
    }

    private AddedImages OfJob(SwanIndexWriter writer, WorkDisplay display, CancellationToken cancellation)
    {
        (SwanIndexChanges changes, int removed) = UseJob(
            job => SwanIndexJobs.UpdateAsync(writer, job, input.Types, display, cancellation));
        return AddedImages.Of(changes) with { Removed = removed };
    }

    private T UseJob<T>(Func<ObjectStore, Task<T>> use)
    {
        using ObjectStore job = ObjectStores.ObjectStores.Open(path);
        return use(job).GetAwaiter().GetResult();
    }

    private SwanIndexChanges OfIndex(SwanLiveIndex index, SwanIndexWriter writer, WorkDisplay display, CancellationToken cancellation)
    {
        SwanIndex rows = SwanIndex.Load(path);
        WarnIfUnknown(index, rows.Model is not null);
        RefuseDuplicates(rows.Keys);
        return writer.Import(rows, input.Duplicates, display, cancellation);
    }

    private SwanIndexChanges OfNpy(SwanLiveIndex index, SwanIndexWriter writer, WorkDisplay display, CancellationToken cancellation)
    {
        WarnIfUnknown(index, isKnown: false);
        string[] keys = Keys();
        RefuseDuplicates(keys);
        return writer.ImportNpy(path, keys, input.Duplicates, display, cancellation);
    }

    private SwanIndexChanges OfParquet(SwanLiveIndex index, SwanIndexWriter writer, WorkDisplay display, CancellationToken cancellation)
    {
        IndexRowsNotes notes = SwanIndexParquet.ReadNotesAsync(path, cancellation).GetAwaiter().GetResult();
        WarnIfUnknown(index, notes.HasModel);
        foreach (string left in notes.LeftOut) Console.Error.WriteLine($"swan: {left}");
        return SwanIndexParquet.ImportAsync(
            writer, path, keys =>
            {
                RefuseDuplicates(keys);
                return UniqueKeys.Of(keys, input.Duplicates);
            },
            input.Types, display, cancellation).GetAwaiter().GetResult();
    }

    private void WarnIfUnknown(SwanLiveIndex index, bool isKnown)
    {
        if (isKnown || input.Model is not null) return;
        Console.Error.WriteLine($"swan: '{path}' doesn't say which model made its rows, so "
            + (index.Model is { } model
                ? $"it is unknown whether they can be compared with the index's, which are of {model}. "
                : "queries of any model are answered. ")
            + "Name it with --model.");
    }

    private void RefuseDuplicates(IReadOnlyList<string> keys)
    {
        if (input.Duplicates != SwanDuplicateKeys.Refuse) return;
        var rows = new Dictionary<string, int>(keys.Count, StringComparer.Ordinal);
        for (int row = 0; row < keys.Count; row++)
        {
            if (rows.TryAdd(keys[row], row)) continue;
            throw new CommandException(string.Create(CultureInfo.InvariantCulture,
                $"'{path}' can't be taken: its rows {rows[keys[row]]:N0} and {row:N0}, from 0, have the same key, '{keys[row]}', but ")
                + "keys of an index are unique. Take the last of such rows (--duplicates last), or number their keys (--duplicates "
                + "number).");
        }
    }

    // The model that --model says made the rows.
    private ModelIdentity? Given() => input.Model is null ? null : SwanModelFile.Read(input.Model).Card.Identity;

    private FileKind Kind()
    {
        if (input.Keys is not null && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            throw new UsageException("--keys requires --from file.npy; other files contain their keys.");
        bool mayBeJob = JobSourceOptions.IsAddress(path) || Directory.Exists(path);
        if (mayBeJob && UseJob(job => SwanIndexJobs.IsJobAsync(job))) return FileKind.Job;
        return Directory.Exists(path) ? FileKind.Parquet : Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".swanindex" => FileKind.Index,
            ".npy" => FileKind.Npy,
            ".parquet" => FileKind.Parquet,
            var ending => throw new UsageException(
                $"--from is '{path}', which ends in '{ending}'; expected .swanindex, .npy, .parquet, or a folder that 'swan embed' wrote."),
        };
    }

    private int NpyColumns()
    {
        using var file = new NpyReader(path);
        return file.Columns;
    }

    private string[] Keys()
    {
        string keys = input.Keys ?? KeysOf(path);
        return File.Exists(keys)
            ? File.ReadAllLines(keys)
            : throw new CommandException($"There is no file '{keys}' with the keys of the rows of '{path}', one per line. "
                + "Name another with --keys.");
    }

    private enum FileKind
    {
        Index,
        Npy,
        Parquet,
        Job,
    }
}
