using System.Globalization;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.Batch.Sources;
using Swan.MLNet;
using Swan.MLNet.Metadata;

namespace Swan.Batch.Indexes;

/// <summary>Reads keys, embeddings and values from a Parquet file.</summary>
internal sealed class IndexRows : IAsyncDisposable
{
    private static readonly string[] s_keyNames = [BatchSteps.ImageColumn, "key"];

    private readonly ParquetReader _reader;
    private readonly string _name;
    private readonly DataField _key, _embedding;
    private readonly ImportedColumn[] _columns;

    private IndexRows(ParquetReader reader, string name, IReadOnlyDictionary<string, SwanColumnType>? types)
    {
        (_reader, _name) = (reader, name);
        Metadata = IndexMetadata.Read(reader.CustomMetadata);
        DataField[] fields = reader.Schema.GetDataFields();
        DataField[] plain = [.. fields.Where(f => f.MaxRepetitionLevel == 0 && f.Path.ToString() == f.Name)];
        _key = s_keyNames.Select(key => plain.FirstOrDefault(f => f.Name == key && ParquetValues.IsText(f))).OfType<DataField>()
            .FirstOrDefault() ?? throw Fault("has no string column 'image' or 'key' to identify the rows");
        DataField[] lists = [.. fields.Where(FloatLists.Has)];
        _embedding = lists.FirstOrDefault(f => f.Path.FirstPart == "embedding") ?? (lists is [{ } only] ? only
            : throw Fault("has no column 'embedding' with a list of floats"));
        // A batch job's row is the number in its list. In other files, such as an index's, the column is a value.
        bool isJobs = Metadata.Model is not null && !Metadata.Columns.ContainsKey(BatchSteps.RowColumn);
        DataField[] others = [.. fields.Where(f => f != _key && f != _embedding && !(isJobs && f.Path.ToString() == BatchSteps.RowColumn))];
        _columns = [.. others.Where(plain.Contains).Select(f => ImportedColumn.Of(f, Metadata, types)).OfType<ImportedColumn>()];
        LeftOut = [.. others.Where(f => !Array.Exists(_columns, c => c.Field == f)).Select(f => ImportedColumn.WhyNot(f, name))];
    }

    public IndexMetadata Metadata { get; }

    public IReadOnlyList<SwanColumn> Columns => [.. _columns.Select(c => c.Column)];

    /// <summary>A sentence for each column that an index can't have.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>The Parquet files that a path means, in order of their names.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static string[] FilesOf(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
        // A batch job's folder has its chunks inside.
        string[] files = [.. Directory.EnumerateFiles(path, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new FileNotFoundException($"There is no .parquet file in '{path}'.", path);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="types">Of columns whose type is known: those of the index, and text for what no number can hold. Null: none.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanFormatException">It is no Parquet file, or has no keys and embeddings.</exception>
    public static Task<IndexRows> OpenAsync(
        string path, IReadOnlyDictionary<string, SwanColumnType>? types, CancellationToken cancellation) =>
        OpenAsync(Path.GetFileName(path), () => RowsFile.OpenAsync(path, cancellation), types);

    /// <summary>Opens what is in a stream, which stays open.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="types">Of columns whose type is known.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanFormatException">It is no Parquet file, or has no keys and embeddings.</exception>
    public static Task<IndexRows> OpenAsync(
        Stream stream, string name, IReadOnlyDictionary<string, SwanColumnType>? types, CancellationToken cancellation) =>
        OpenAsync(name, () => RowsFile.OpenAsync(stream, leaveOpen: true, cancellation), types);

    private static async Task<IndexRows> OpenAsync(
        string name, Func<Task<ParquetReader>> open, IReadOnlyDictionary<string, SwanColumnType>? types)
    {
        ParquetReader? reader = null;
        try
        {
            reader = await open().ConfigureAwait(false);
            return new IndexRows(reader, name, types);
        }
        catch (Exception e)
        {
            if (reader is not null) await reader.DisposeAsync().ConfigureAwait(false);
            if (e is SwanException or OperationCanceledException or UnauthorizedAccessException or OutOfMemoryException
                or FileNotFoundException)
            {
                throw;
            }
            // A damaged file can fail in any way.
            throw new SwanFormatException($"'{name}' can't be read as a Parquet file: {e.Message}", e);
        }
    }

    /// <summary>The keys of all rows.</summary>
    public Task<List<string>> KeysAsync(CancellationToken cancellation) => Checked(async () =>
    {
        var keys = new List<string>();
        for (int g = 0; g < Groups; g++)
        {
            using ParquetRowGroupReader group = _reader.OpenRowGroupReader(g);
            string?[] read = new string?[group.RowCount];
            await group.ReadAsync(_key, read.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
            foreach (string? key in read) keys.Add(key ?? throw Fault($"has no key in row {keys.Count:N0}, from 0"));
        }
        return keys;
    });

    /// <summary>The names of number columns with a value that no number of an index can hold exactly.</summary>
    public Task<IReadOnlyList<string>> InexactAsync(CancellationToken cancellation) => Checked<IReadOnlyList<string>>(async () =>
    {
        var inexact = new List<string>();
        foreach (ImportedColumn column in _columns.Where(c => c.CanBeInexact))
        {
            bool found = false;
            for (int g = 0; g < Groups && !found; g++)
            {
                using ParquetRowGroupReader group = _reader.OpenRowGroupReader(g);
                found = await column.HasInexactAsync(group, cancellation).ConfigureAwait(false);
            }
            if (found) inexact.Add(column.Column.Name);
        }
        return inexact;
    });

    /// <summary>D, of the first row group that has rows.</summary>
    public async Task<int> EmbeddingSizeAsync(CancellationToken cancellation)
    {
        for (int g = 0; g < Groups; g++)
        {
            IndexRowGroup group = await ReadAsync(g, cancellation).ConfigureAwait(false);
            if (group.Count > 0) return group.Embeddings.Length / group.Count;
        }
        throw Fault("has no rows, so the embeddings' length is unknown");
    }

    /// <summary>Reads a row group.</summary>
    public Task<IndexRowGroup> ReadAsync(int number, CancellationToken cancellation) => Checked(async () =>
    {
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(number);
        int count = checked((int)group.RowCount);
        float[] embeddings = await FloatLists.ReadAsync(group, _embedding, cancellation).ConfigureAwait(false);
        var values = new Dictionary<string, object?>[count];
        for (int row = 0; row < count; row++) values[row] = new Dictionary<string, object?>(_columns.Length, StringComparer.Ordinal);
        foreach (ImportedColumn column in _columns)
        {
            object?[] read = await column.ReadAsync(group, cancellation).ConfigureAwait(false);
            for (int row = 0; row < count; row++) values[row].Add(column.Column.Name, Value(column, read[row], number, row));
        }
        return new IndexRowGroup(count, embeddings, values);
    });

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private object? Value(ImportedColumn column, object? value, int number, int row)
    {
        try
        {
            return column.Value(value);
        }
        catch (ArgumentException e)
        {
            long before = 0;
            for (int g = 0; g < number; g++)
            {
                using ParquetRowGroupReader group = _reader.OpenRowGroupReader(g);
                before += group.RowCount;
            }
            throw Fault(string.Create(CultureInfo.InvariantCulture,
                $"has a value that can't be kept, in row {before + row:N0}, from 0: {e.Sentence().TrimEnd('.')}"), e);
        }
    }

    private async Task<T> Checked<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (e.Message.StartsWith("It ", StringComparison.Ordinal))
        {
            throw Fault(e.Message[3..].TrimEnd('.'), e);
        }
        catch (Exception e) when (e is not (SwanException or OperationCanceledException or UnauthorizedAccessException
            or OutOfMemoryException))
        {
            throw Fault($"can't be read as a Parquet file: {e.Message.TrimEnd('.')}", e);
        }
    }

    private SwanFormatException Fault(string how, Exception? cause = null) => new($"'{_name}' {how}.", cause);
}

/// <summary>The rows of a row group.</summary>
/// <param name="Count">How many.</param>
/// <param name="Embeddings"><c>embeddings[row * D + d]</c>.</param>
/// <param name="Values">For each row its values by column.</param>
internal sealed record IndexRowGroup(
    int Count, ReadOnlyMemory<float> Embeddings, IReadOnlyList<Dictionary<string, object?>> Values);
