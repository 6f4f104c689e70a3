using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>An image file on its way into an index, and what the file system says of it.</summary>
/// <param name="Path">What is opened.</param>
/// <param name="Key">Its row's key: the path inside the listed folder with <c>/</c>, after the caller's prefix.</param>
/// <param name="Folder">The key without the file's name; empty at the top.</param>
/// <param name="Source">The listed folder, in full.</param>
/// <param name="Date">When it was last written, UTC, in whole microseconds: Parquet keeps no more.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record ImageFile(string Path, string Key, string Folder, string Source, DateTimeOffset Date, long Size)
{
    public const string FolderColumn = "folder", SourceColumn = "source_folder", DateColumn = "file_date", SizeColumn = "file_size";

    /// <summary>The columns that every image has a value of.</summary>
    public static IReadOnlyList<SwanColumn> Columns { get; } =
    [
        new(FolderColumn, SwanColumnType.Text), new(SourceColumn, SwanColumnType.Text), new(DateColumn, SwanColumnType.Date),
        new(SizeColumn, SwanColumnType.Number),
    ];

    /// <summary>Looks at a file. One that has just been removed has no size, and can't be embedded either.</summary>
    /// <param name="root">The listed folder.</param>
    /// <param name="path">The file, in it.</param>
    /// <param name="prefix">What the key begins with.</param>
    /// <exception cref="CommandException">The key can't be one.</exception>
    public static ImageFile Read(string root, string path, string prefix)
    {
        var file = new FileInfo(path);
        // What counts is the file that is decoded: a link to another version is another image.
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        string key = prefix + System.IO.Path.GetRelativePath(root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');
        if (SwanIndexBuilder.KeyFault(key) is { } fault)
            throw new CommandException($"The key of '{path}', which is --prefix and the path inside --images, {fault}");
        string folder = key[..Math.Max(0, key.LastIndexOf('/'))];
        (DateTimeOffset date, long size) = file.Exists ? (Microseconds(file.LastWriteTimeUtc), file.Length) : default;
        return new ImageFile(path, key, folder, SourceOf(root), date, size);
    }

    /// <summary>A folder's name in <see cref="SourceColumn"/>: its full path, behind a link.</summary>
    public static string SourceOf(string root)
    {
        var folder = new DirectoryInfo(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(root)));
        return folder.LinkTarget is null ? folder.FullName
            : folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
    }

    /// <summary>The values of <see cref="Columns"/>.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Values =>
        [new(FolderColumn, Folder), new(SourceColumn, Source), new(DateColumn, Date), new(SizeColumn, (double)Size)];

    private static DateTimeOffset Microseconds(DateTime date) =>
        new(date.Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>Whether a row was embedded from the file as it is now.</summary>
    /// <param name="values">The row's.</param>
    public bool Is(IReadOnlyDictionary<string, object?> values) =>
        values.GetValueOrDefault(SizeColumn) is double size && size == Size
        && values.GetValueOrDefault(DateColumn) is DateTimeOffset date && date == Date;
}
