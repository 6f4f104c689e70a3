namespace Swan.Batch.Sources;

/// <summary>What a manifest's columns mean, once it was looked at.</summary>
/// <param name="Name">The column that names an image.</param>
/// <param name="Bytes">The column with images; null: they are elsewhere.</param>
/// <param name="IsUrl">Whether names must be addresses.</param>
/// <param name="Kept">The columns that results have.</param>
internal sealed record ManifestLayout(string Name, string? Bytes, bool IsUrl, IReadOnlyList<KeptColumn> Kept)
{
    private static readonly string[] s_names = ["path", "url", "image", "bytes"];

    /// <summary>Finds out what the columns mean.</summary>
    /// <param name="file">The manifest, for messages.</param>
    /// <param name="columns">Those that there are.</param>
    /// <param name="asked">The caller's choice of columns.</param>
    /// <exception cref="SwanBatchException">They can't mean that, or their meaning is unclear.</exception>
    public static ManifestLayout Of(string file, IReadOnlyList<ManifestColumn> columns, ManifestColumns asked)
    {
        if (new[] { asked.Path, asked.Url, asked.Bytes }.Count(given => given is not null) > 1)
            throw new SwanBatchException("Name only one of a path column, a URL column and a bytes column: each image is in one place.");
        string? given = asked.Path ?? asked.Url ?? asked.Bytes;
        ManifestColumn images = given is null ? Guess(file, columns) : Find(file, columns, given);
        bool isBytes = asked.Bytes is not null || given is null && images.IsBytes;
        if (isBytes && !images.IsBytes) throw Unfit(file, images, "bytes, as only Parquet has them");
        if (!isBytes && !images.IsText) throw Unfit(file, images, "text");
        if (!isBytes && asked.Key is not null)
            throw new SwanBatchException(
                "A key column requires a bytes column; other images have their paths or addresses as keys.");
        ManifestColumn names = !isBytes ? images : Find(file, columns, asked.Key ?? "key");
        if (!names.IsName) throw Unfit(file, names, "text or whole numbers, which identify images");
        return new ManifestLayout(
            names.Name, isBytes ? images.Name : null, asked.Url is not null || given is null && images.Name == "url",
            Keep(file, columns, asked.Keep, names.Name, images.Name));
    }

    /// <summary>The columns that results can't have, although they were not excluded.</summary>
    public IReadOnlyList<string> LeftOut(IReadOnlyList<ManifestColumn> columns, ManifestColumns asked) =>
        asked.Keep is not null ? []
            : [.. columns.Where(c => c.Kept is null && !c.IsBytes && c.Name != Name && c.Name != Bytes).Select(c => c.Name)];

    private static KeptColumn[] Keep(
        string file, IReadOnlyList<ManifestColumn> columns, IReadOnlyList<string>? asked, string name, string images)
    {
        if (asked is null) return [.. columns.Where(c => c.Name != name && c.Name != images).Select(c => c.Kept).OfType<KeptColumn>()];
        var kept = new List<KeptColumn>();
        foreach (string one in asked.Distinct(StringComparer.Ordinal))
        {
            ManifestColumn column = Find(file, columns, one);
            if (one == name || one == images)
                throw new SwanBatchException($"The column '{one}' of '{file}' can't be kept: results have it as 'image'. Leave it out.");
            kept.Add(column.Kept ?? throw Unfit(file, column, "text, Boolean, numbers or times, as results have them"));
        }
        return [.. kept];
    }

    private static ManifestColumn Guess(string file, IReadOnlyList<ManifestColumn> columns)
    {
        ManifestColumn[] found = [.. columns.Where(c => s_names.Contains(c.Name) && (c.IsText || c.IsBytes))];
        if (found is [var only]) return only;
        string which = found.Length == 0 ? "no column 'path', 'url', 'image' or 'bytes'"
            : $"the columns {string.Join(" and ", found.Select(c => $"'{c.Name}'"))}";
        throw new SwanBatchException($"'{file}' has {which}, so it is unclear where its images are. Name the column (--path-column, "
            + $"--url-column, --bytes-column). It has {Names(columns)}.");
    }

    private static ManifestColumn Find(string file, IReadOnlyList<ManifestColumn> columns, string name) =>
        columns.FirstOrDefault(c => c.Name == name)
            ?? throw new SwanBatchException($"'{file}' has no column '{name}'. It has {Names(columns)}.");

    private static SwanBatchException Unfit(string file, ManifestColumn column, string expected) =>
        new($"The column '{column.Name}' of '{file}' is not of {expected}. Name another one.");

    private static string Names(IReadOnlyList<ManifestColumn> columns) => string.Join(", ", columns.Select(c => $"'{c.Name}'"));
}
