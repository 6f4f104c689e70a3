using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Batch.Indexes;

/// <summary>Exports the rows of a living index to Parquet, and imports rows from Parquet.</summary>
/// <remarks>
/// <para>A file has the columns <c>image</c> (string: the key), <c>embedding</c> (list&lt;float&gt;) and one for each of the index's
/// columns: text as string, numbers as double, dates as timestamp of microseconds in UTC, booleans as boolean; points (<c>x y</c>) and
/// boxes (<c>west south east north</c>) as string. Missing values are null. The file's key-value metadata has the model, its range and the
/// columns' types. pandas, DuckDB and Spark read such a file. An index made from it has the same rows, except for dates' fractions of a
/// microsecond.</para>
/// <para>Imports read such files, the chunks of a <see cref="BatchJobOptions">batch job</see>, and other files with a string <c>image</c>
/// or <c>key</c> and a list of float32 or float16. Other columns of strings, numbers, booleans, dates and timestamps become columns; the
/// rest is left out. 64-bit integers and decimals become text if the column has a value that a double can't represent.</para>
/// Safe for concurrent use.
/// </remarks>
public static class SwanIndexParquet
{
    private const int RowsAtOnce = 1024;

    /// <summary>Writes the rows of a snapshot, in its order.</summary>
    /// <param name="snapshot">The rows.</param>
    /// <param name="path">The file; an old one stays until the new one is whole.</param>
    /// <param name="progress">Rows that are written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many rows.</returns>
    /// <exception cref="ArgumentException">The index has a column 'image' or 'embedding'.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="SwanFormatException">The index is damaged.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static async Task<long> SaveAsync(
        SwanIndexSnapshot snapshot, string path, IProgress<SwanIndexProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (snapshot.Columns.FirstOrDefault(c => c.Name is BatchSteps.ImageColumn or BatchSteps.EmbeddingColumn) is { } taken)
        {
            throw new ArgumentException(
                $"The index has a column '{taken.Name}', but the file uses this name for its keys or embeddings.", nameof(snapshot));
        }
        using AtomicFile file = AtomicFile.Create(path);
        int size = snapshot.EmbeddingSize;
        IndexColumn[] columns = [new KeyColumn(), new EmbeddingsColumn(size), .. snapshot.Columns.Select(IndexColumn.Create)];
        int groupRows = Math.Max(1, RowGroups.Values / size);
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema([.. columns.Select(c => c.Field)]), file.Stream, RowGroups.Options, cancellationToken: cancellationToken)
            .ConfigureAwait(false))
        {
            writer.CustomMetadata = new Dictionary<string, string>(IndexMetadata.Of(snapshot))
            {
                [ArrowSchema.Name] = ArrowSchema.Of([.. columns.Select(c => (c.Field, c.Width))]),
            };
            int held = 0, done = 0;
            foreach (SwanRow row in snapshot.Rows())
            {
                if (done % RowsAtOnce == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(new SwanIndexProgress(done, snapshot.Count));
                }
                foreach (IndexColumn column in columns) column.Add(row);
                (held, done) = (held + 1, done + 1);
                if (held < groupRows) continue;
                await WriteGroupAsync(writer, columns).ConfigureAwait(false);
                held = 0;
            }
            if (held > 0 || done == 0) await WriteGroupAsync(writer, columns).ConfigureAwait(false);
            progress?.Report(new SwanIndexProgress(done, snapshot.Count));
        }
        await WrittenFile.CorrectAsync(file.Stream, [], cancellationToken).ConfigureAwait(false);
        file.Commit();
        return snapshot.Count;
    }

    /// <summary>Reads the settings of an index for a file's rows: embedding size, model, range and columns.</summary>
    /// <param name="path">A Parquet file, or a folder with some, such as a batch job's.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">A file is damaged, or has no keys and embeddings.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static Task<SwanIndexSettings> ReadSettingsAsync(string path, CancellationToken cancellationToken = default) =>
        ReadSettingsAsync(path, ColumnTypes.None, cancellationToken);

    /// <summary>As the other, with the types of columns.</summary>
    internal static async Task<SwanIndexSettings> ReadSettingsAsync(
        string path, IReadOnlyDictionary<string, SwanColumnType> given, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] files = IndexRows.FilesOf(path);
        Dictionary<string, SwanColumnType> types = ColumnTypes.Of([], given);
        await AddInexactAsync(types, files, cancellationToken).ConfigureAwait(false);
        await using IndexRows rows = await IndexRows.OpenAsync(files[0], types, cancellationToken).ConfigureAwait(false);
        int size = await rows.EmbeddingSizeAsync(cancellationToken).ConfigureAwait(false);
        return new SwanIndexSettings(size) { Model = rows.Metadata.Model, GivenRange = rows.Metadata.Range, Columns = rows.Columns };
    }

    /// <summary>Adds or replaces rows; columns that the index doesn't have are added.</summary>
    /// <remarks>Nothing is committed. A replaced row keeps its values of columns that its file doesn't have.</remarks>
    /// <param name="writer">The index's.</param>
    /// <param name="path">A Parquet file, or a folder with some, such as a batch job's.</param>
    /// <param name="duplicates">What to do if two rows have the same key.</param>
    /// <param name="progress">Rows that are taken.</param>
    /// <param name="cancellationToken">Ends the work; rows before are taken.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">A file is damaged, or has no keys and embeddings; rows before are taken.</exception>
    /// <exception cref="SwanMismatchException">A file holds embeddings of another model, size or range.</exception>
    /// <exception cref="ArgumentException">
    /// Two rows have one key, and <paramref name="duplicates"/> refuses that; a key can't be one; or the index has a column of another
    /// type.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static Task<SwanIndexChanges> ImportAsync(
        SwanIndexWriter writer, string path, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse,
        IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ImportAsync(
            writer, path, keys => UniqueKeys.Of(keys, duplicates), ColumnTypes.None, progress, cancellationToken);

    /// <summary>Adds or replaces rows, with keys that the caller makes unique, and types of columns that the index doesn't have
    /// yet.</summary>
    internal static async Task<SwanIndexChanges> ImportAsync(
        SwanIndexWriter writer, string path, Func<IReadOnlyList<string>, IReadOnlyList<string>> unique,
        IReadOnlyDictionary<string, SwanColumnType> given, IProgress<SwanIndexProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] files = IndexRows.FilesOf(path);
        Dictionary<string, SwanColumnType> types = ColumnTypes.Of(writer.Columns, given);
        await AddInexactAsync(types, files, cancellationToken).ConfigureAwait(false);
        var keys = new List<string>();
        foreach (string file in files)
        {
            await using IndexRows rows = await IndexRows.OpenAsync(file, types, cancellationToken).ConfigureAwait(false);
            writer.RequireComparable(rows.Metadata.Model, size: null, rows.Metadata.Range);
            keys.AddRange(await rows.KeysAsync(cancellationToken).ConfigureAwait(false));
            foreach (SwanColumn column in rows.Columns) writer.AddColumn(column);
        }
        IReadOnlyList<string> each = unique(keys);
        SwanIndexChanges changes = default;
        int next = 0;
        foreach (string file in files)
        {
            await using IndexRows rows = await IndexRows.OpenAsync(file, types, cancellationToken).ConfigureAwait(false);
            var kept = new KeptValues(writer, rows.Columns);
            for (int group = 0; group < rows.Groups; group++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SwanIndexProgress(next, each.Count));
                IndexRowGroup read = await rows.ReadAsync(group, cancellationToken).ConfigureAwait(false);
                if (read.Count == 0) continue;
                writer.RequireComparable(rows.Metadata.Model, read.Embeddings.Length / read.Count, rows.Metadata.Range);
                string[] itsKeys = [.. each.Skip(next).Take(read.Count)];
                for (int row = 0; row < itsKeys.Length; row++) kept.AddTo(itsKeys[row], read.Values[row]);
                SwanIndexChanges some = writer.UpsertMany(itsKeys, read.Embeddings.Span, read.Values, cancellationToken);
                changes = new SwanIndexChanges(
                    changes.Added + some.Added, changes.Replaced + some.Replaced, changes.Unchanged + some.Unchanged,
                    changes.Skipped + some.Skipped);
                next += read.Count;
            }
        }
        progress?.Report(new SwanIndexProgress(next, each.Count));
        return changes;
    }

    /// <summary>Returns notes for an import of files.</summary>
    internal static async Task<IndexRowsNotes> ReadNotesAsync(string path, CancellationToken cancellationToken)
    {
        bool hasModel = true;
        var left = new List<string>();
        foreach (string file in IndexRows.FilesOf(path))
        {
            await using IndexRows rows = await IndexRows.OpenAsync(file, null, cancellationToken).ConfigureAwait(false);
            hasModel &= rows.Metadata.Model is not null;
            left.AddRange(rows.LeftOut);
        }
        return new IndexRowsNotes(hasModel, left);
    }

    // What an index has already keeps its type.
    private static async Task AddInexactAsync(
        Dictionary<string, SwanColumnType> types, string[] files, CancellationToken cancellation)
    {
        foreach (string file in files)
        {
            await using IndexRows rows = await IndexRows.OpenAsync(file, types, cancellation).ConfigureAwait(false);
            foreach (string column in await rows.InexactAsync(cancellation).ConfigureAwait(false))
                types.TryAdd(column, SwanColumnType.Text);
        }
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, IndexColumn[] columns)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (IndexColumn column in columns) await column.WriteAsync(group).ConfigureAwait(false);
        group.CompleteValidate();
    }
}

/// <summary>Notes for an import of Parquet files.</summary>
/// <param name="HasModel">Whether each says which model made its rows.</param>
/// <param name="LeftOut">A sentence for each column that an index can't have.</param>
internal sealed record IndexRowsNotes(bool HasModel, IReadOnlyList<string> LeftOut);
