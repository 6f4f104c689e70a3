namespace Swan.Batch.Sources;

/// <summary>A manifest that is open: its columns, and its rows one after another.</summary>
internal abstract class ManifestTable : IAsyncDisposable
{
    /// <summary>All columns, in the order of the file.</summary>
    public abstract IReadOnlyList<ManifestColumn> Columns { get; }

    /// <summary>Reads the rows.</summary>
    /// <param name="name">The column that names the image.</param>
    /// <param name="kept">The columns whose values are kept.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanBatchException">The file is damaged; the message names the row.</exception>
    public abstract IAsyncEnumerable<ManifestRow> ReadAsync(
        string name, IReadOnlyList<KeptColumn> kept, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A column of a manifest.</summary>
/// <param name="Name">Its name; that of a part of a structure has a dot between.</param>
/// <param name="Kept">As results have it; null where they can't.</param>
/// <param name="IsName">Whether it can name images: text, or whole numbers.</param>
/// <param name="IsBytes">Whether it has bytes.</param>
internal sealed record ManifestColumn(string Name, KeptColumn? Kept, bool IsName, bool IsBytes)
{
    /// <summary>Whether it is text.</summary>
    public bool IsText => Kept?.Type == KeptColumn.Text;
}

/// <summary>A row of a manifest.</summary>
/// <param name="Place">Which one it is, for messages, such as <c>line 5</c>.</param>
/// <param name="Name">What names the image; null or empty where it is missing.</param>
/// <param name="Values">Of the kept columns, as <see cref="KeptColumn.Write"/> writes them.</param>
/// <param name="Group">Which row group it is in, from 0.</param>
/// <param name="Row">Which row of the group it is, from 0.</param>
internal sealed record ManifestRow(string Place, string? Name, string?[] Values, int Group, int Row);
