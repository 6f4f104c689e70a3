using Swan.Batch.Indexes;
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
            _ => SwanIndexParquet.ReadSettingsAsync(path, cancellation).GetAwaiter().GetResult(),
        };
        ModelIdentity? given = Given();
        if (!ModelIdentity.Agree(settings.Model, given))
            throw new SwanMismatchException($"The rows of '{path}' are of {settings.Model}, but --model is {given}. Leave --model out.");
        settings.Model ??= given;
        return settings;
    }

    /// <summary>Takes the rows; nothing is committed.</summary>
    /// <exception cref="CommandException">Keys are wrong.</exception>
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
            return AddedImages.Of(Kind() switch
            {
                FileKind.Index => writer.Import(SwanIndex.Load(path), input.Duplicates, display, cancellation),
                FileKind.Npy => writer.ImportNpy(path, Keys(), input.Duplicates, display, cancellation),
                _ => SwanIndexParquet.ImportAsync(writer, path, input.Duplicates, display, cancellation).GetAwaiter().GetResult(),
            });
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{path}' can't be taken: {e.Message} --duplicates says "
                + "what to do with keys that are there twice.", e);
        }
    }

    // The model that --model says made the rows.
    private ModelIdentity? Given() => input.Model is null ? null : SwanModelFile.Read(input.Model).Card.Identity;

    private FileKind Kind()
    {
        if (input.Keys is not null && !path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            throw new UsageException("--keys goes with --from file.npy; other files have their keys inside.");
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
            : throw new CommandException($"There is no file '{keys}' with the keys of the rows of '{path}', one a line. "
                + "--keys names another.");
    }

    private enum FileKind
    {
        Index,
        Npy,
        Parquet,
    }
}
