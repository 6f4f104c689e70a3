using System.CommandLine;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Cli.Options;

/// <summary>Where the rows of an index come from: the options of the commands that add rows.</summary>
internal sealed class IndexInput
{
    private const string Refuse = "refuse", Last = "last", Number = "number";

    private readonly Option<string?> _images = new("--images")
    {
        Description = "Folder with images. Folders inside it are searched too.", HelpName = "folder",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Rows that are embedded already: a .swanindex, .parquet or .npy file, or a folder of .parquet files.",
        HelpName = "file|folder",
    };

    private readonly Option<string?> _embeddings = new("--embeddings")
    {
        Description = "Output of 'swan embed' or 'swan job': its valid rows are added. Rows of images that are gone from it are "
            + "removed.",
        HelpName = "folder|address",
    };

    private readonly Option<string?> _keys = new("--keys")
    {
        Description = "With --from file.npy: the rows' keys, one per line. Default: file.keys.txt beside it.", HelpName = "file.txt",
    };

    private readonly Option<string> _duplicates = new("--duplicates")
    {
        Description = "With --from: how to treat rows with the same key.", HelpName = "refuse|last|number",
        DefaultValueFactory = _ => Refuse,
    };

    private readonly Option<string> _prefix = new("--prefix")
    {
        Description = "Prefix of keys, before the path inside --images. It distinguishes several folders in one index.",
        HelpName = "text", DefaultValueFactory = _ => "",
    };

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "Values to filter by: CSV with a header, or JSON Lines.", HelpName = "file.csv|file.jsonl",
    };

    private readonly Option<string?> _keyColumn = new("--key-column")
    {
        Description = "The column of --columns with the images' keys. Default: key, image, file or path.", HelpName = "name",
    };

    private readonly Option<string[]> _types = new("--type")
    {
        Description = "Type of a column: text, number, date, boolean, point or box. Repeatable; default: inferred, but text stays text "
            + "in rows that are embedded already.",
        HelpName = "column=type",
    };

    private readonly Option<string?> _model = SharedOptions.OptionalModel();
    private readonly Option<SwanDevice> _device = SharedOptions.Device();
    private readonly PictureOptions _pictures = new();

    public IndexInput() => _duplicates.AcceptOnlyFromAmong(Refuse, Last, Number);

    /// <summary>Adds the options under their headings.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command
        .With("Rows", _images, _prefix, _from, _embeddings, _keys, _duplicates, _model)
        .With("Columns", _columns, _keyColumn, _types)
        .With(PictureOptions.Heading, _pictures.All);

    /// <summary>The option for the device, which help shows last.</summary>
    public Option Device => _device;

    /// <summary>What the command line says.</summary>
    /// <exception cref="UsageException">Two options don't go together.</exception>
    public IndexInputValues Read(ParseResult parsed)
    {
        string? from = parsed.GetValue(_from), embeddings = parsed.GetValue(_embeddings);
        if (from is not null && embeddings is not null) throw new UsageException("Give --from or --embeddings, not both.");
        var read = new IndexInputValues(
            parsed.GetValue(_images), parsed.GetValue(_prefix) ?? "", from ?? embeddings, parsed.GetValue(_keys),
            DuplicatesOf(parsed.GetValue(_duplicates)), parsed.GetValue(_columns), parsed.GetValue(_keyColumn),
            Types(parsed.GetValue(_types) ?? []), parsed.GetValue(_model), parsed.GetRequiredValue(_device), _pictures.Read(parsed))
        {
            Rows = new Option<string?>[] { _images, _from, _embeddings }.Where(option => parsed.GetValue(option) is not null)
                .Select(option => $"{option.Name} {parsed.GetValue(option)}").FirstOrDefault(),
        };
        if (read.Images is not null && read.From is not null) throw new UsageException(
            $"Give --images or {(embeddings is null ? "--from" : "--embeddings")}, not both.");
        if (read.Columns is null && read.KeyColumn is not null) throw new UsageException("--key-column requires --columns.");
        if (read.Columns is null && read.From is null && read.Types.Count > 0)
            throw new UsageException("--type requires --columns, --from or --embeddings.");
        // What nothing would read is a mistake: the user means it to matter.
        if (read.Images is null) RefuseGiven(parsed, "--images", [_prefix, .. _pictures.All]);
        if (read.From is null) RefuseGiven(parsed, "--from", [_keys, _duplicates]);
        if (read.Images is null && read.From is null) RefuseGiven(parsed, "--images or --from", [_model]);
        return read;
    }

    private static void RefuseGiven(ParseResult parsed, string partner, Option[] options)
    {
        if (Array.Find(options, option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} requires {partner}.");
    }

    private static SwanDuplicateKeys DuplicatesOf(string? given) => given switch
    {
        Last => SwanDuplicateKeys.KeepLast,
        Number => SwanDuplicateKeys.Number,
        _ => SwanDuplicateKeys.Refuse,
    };

    private static Dictionary<string, SwanColumnType> Types(string[] given)
    {
        var types = new Dictionary<string, SwanColumnType>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !Enum.TryParse(text[(at + 1)..], ignoreCase: true, out SwanColumnType type) || !Enum.IsDefined(type)
                || char.IsAsciiDigit(text[at + 1]))
            {
                throw new UsageException(
                    $"--type is '{text}'; expected a column and one of text, number, date, boolean, point, box, such as region=text.");
            }
            types[text[..at]] = type;
        }
        return types;
    }
}

/// <summary>What <see cref="IndexInput"/> read.</summary>
internal sealed record IndexInputValues(
    string? Images, string Prefix, string? From, string? Keys, SwanDuplicateKeys Duplicates, string? Columns, string? KeyColumn,
    IReadOnlyDictionary<string, SwanColumnType> Types, string? Model, SwanDevice Device, ImageDecodingOptions Pictures)
{
    /// <summary>The option that brings the rows and its value, as typed; null: nothing does.</summary>
    public string? Rows { get; init; }
}
