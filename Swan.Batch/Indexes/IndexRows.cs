using System.Globalization;
using Parquet;
using Parquet.Schema;
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
    private readonly (DataField Field, SwanColumn Column)[] _columns;

    private IndexRows(ParquetReader reader, string name)
    {
        (_reader, _name) = (reader, name);
        Metadata = IndexMetadata.Read(reader.CustomMetadata);
        DataField[] fields = reader.Schema.GetDataFields();
        DataField[] plain = [.. fields.Where(f => f.MaxRepetitionLevel == 0 && f.Path.ToString() == f.Name)];
        _key = s_keyNames.Select(key => plain.FirstOrDefault(f => f.Name == key && IsText(f))).OfType<DataField>()
            .FirstOrDefault() ?? throw Fault("has no column 'image' or 'key' of strings, which tells the rows apart");
        DataField[] lists = [.. fields.Where(f => f.ClrType == typeof(float) && f.MaxRepetitionLevel == 1)];
        _embedding = lists.FirstOrDefault(f => f.Path.FirstPart == "embedding") ?? (lists is [{ } only] ? only
            : throw Fault("has no column 'embedding' with a list of floats"));
        // A batch job's row is the number in its list; an index may have a column of that name, and then says so.
        _columns = [.. plain
            .Where(f => f != _key && (f.Name != BatchSteps.RowColumn || Metadata.Columns.ContainsKey(f.Name)))
            .Where(f => SwanColumn.NameFault(f.Name) is null)
            .Select(f => (f, TypeOf(f))).Where(c => c.Item2 is not null).Select(c => (c.f, new SwanColumn(c.f.Name, c.Item2!.Value)))];
    }

    public IndexMetadata Metadata { get; }

    public IReadOnlyList<SwanColumn> Columns => [.. _columns.Select(c => c.Column)];

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

    /// <exception cref="SwanFormatException">It is no Parquet file, or has no keys and embeddings.</exception>
    public static async Task<IndexRows> OpenAsync(string path, CancellationToken cancellation)
    {
        string name = Path.GetFileName(path);
        ParquetReader? reader = null;
        try
        {
            reader = await ParquetReader.CreateAsync(path, cancellationToken: cancellation).ConfigureAwait(false);
            return new IndexRows(reader, name);
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
            foreach (object? key in await TextAsync(group, _key, cancellation).ConfigureAwait(false))
                keys.Add((string?)key ?? throw Fault("has a row without a key"));
        }
        return keys;
    });

    /// <summary>D, of the first row group that has rows.</summary>
    public async Task<int> EmbeddingSizeAsync(CancellationToken cancellation)
    {
        for (int g = 0; g < Groups; g++)
        {
            IndexRowGroup group = await ReadAsync(g, cancellation).ConfigureAwait(false);
            if (group.Count > 0) return group.Embeddings.Length / group.Count;
        }
        throw Fault("has no rows, so it doesn't tell the embeddings' length");
    }

    /// <summary>Reads a row group.</summary>
    public Task<IndexRowGroup> ReadAsync(int number, CancellationToken cancellation) => Checked(async () =>
    {
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(number);
        int count = checked((int)group.RowCount);
        float[] embeddings = [];
        if (count > 0)
        {
            // Values and nulls of all lists.
            long total = group.GetMetadata(_embedding)?.MetaData?.NumValues ?? 0;
            embeddings = new float[checked((int)total)];
            int[] definition = new int[embeddings.Length], repetition = new int[embeddings.Length];
            await group.ReadRawAsync<float>(_embedding, embeddings, definition, repetition, cancellation).ConfigureAwait(false);
            RequireWhole(count, definition, repetition);
        }
        var values = new Dictionary<string, object?>[count];
        for (int row = 0; row < count; row++) values[row] = new Dictionary<string, object?>(_columns.Length, StringComparer.Ordinal);
        foreach ((DataField field, SwanColumn column) in _columns)
        {
            object?[] read = await ValuesAsync(group, field, cancellation).ConfigureAwait(false);
            for (int row = 0; row < count; row++) values[row].Add(column.Name, Value(column, read[row]));
        }
        return new IndexRowGroup(count, embeddings, values);
    });

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    // A row's list begins where the repetition level is 0, and a value is null where the definition level is not the highest.
    private void RequireWhole(int count, int[] definition, int[] repetition)
    {
        int size = repetition.Length / count;
        bool whole = size > 0 && repetition.Length == count * size;
        for (int i = 0; whole && i < repetition.Length; i++)
            whole = repetition[i] == (i % size == 0 ? 0 : 1) && definition[i] == _embedding.MaxDefinitionLevel;
        if (!whole) throw Fault("has embeddings of different lengths, or with missing values");
    }

    // Of a file's schema the one, of a made one the other.
    private static bool IsText(DataField field) => field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(string);

    private SwanColumnType? TypeOf(DataField field)
    {
        SwanColumnType? own = IsText(field) ? SwanColumnType.Text
            : field.ClrType == typeof(bool) ? SwanColumnType.Boolean
            : field.ClrType == typeof(DateTime) ? SwanColumnType.Date
            : field.ClrType == typeof(double) || field.ClrType == typeof(float) || field.ClrType == typeof(int)
                || field.ClrType == typeof(long) ? SwanColumnType.Number
            : null;
        // Points and boxes are strings here.
        return own == SwanColumnType.Text && Metadata.Columns.TryGetValue(field.Name, out SwanColumnType said) ? said : own;
    }

    private static Task<object?[]> ValuesAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation) =>
        IsText(field) ? TextAsync(group, field, cancellation)
        : field.ClrType == typeof(bool) ? ScalarsAsync<bool>(group, field, cancellation)
        : field.ClrType == typeof(DateTime) ? ScalarsAsync<DateTime>(group, field, cancellation)
        : field.ClrType == typeof(double) ? ScalarsAsync<double>(group, field, cancellation)
        : field.ClrType == typeof(float) ? ScalarsAsync<float>(group, field, cancellation)
        : field.ClrType == typeof(int) ? ScalarsAsync<int>(group, field, cancellation)
        : ScalarsAsync<long>(group, field, cancellation);

    private static async Task<object?[]> TextAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        string?[] values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancellation).ConfigureAwait(false);
        return values;
    }

    private static async Task<object?[]> ScalarsAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, (Memory<T?>)values, cancellationToken: cancellation).ConfigureAwait(false);
            return Array.ConvertAll(values, value => (object?)value);
        }
        var there = new T[group.RowCount];
        await group.ReadAsync<T>(field, (Memory<T>)there, cancellationToken: cancellation).ConfigureAwait(false);
        return Array.ConvertAll(there, value => (object?)value);
    }

    private object? Value(SwanColumn column, object? value)
    {
        // A number that is none is missing, as pandas writes it.
        if (value is double.NaN or float.NaN) return null;
        if (value is DateTime date) value = DateTime.SpecifyKind(date, DateTimeKind.Utc);
        if (column.Type is SwanColumnType.Point or SwanColumnType.Box && value is string text) value = Shape(column, text);
        try
        {
            return column.Check(value);
        }
        catch (ArgumentException e)
        {
            throw Fault($"has a value that can't be kept: {e.Message.TrimEnd('.')}", e);
        }
    }

    private object Shape(SwanColumn column, string text)
    {
        double[] numbers = [.. text.Split(' ').Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        try
        {
            return (column.Type, numbers) switch
            {
                (SwanColumnType.Point, [double x, double y]) => new SwanPoint(x, y),
                (SwanColumnType.Box, [double west, double south, double east, double north]) => new SwanBox(west, south, east, north),
                _ => throw Fault($"has '{text}' in its column '{column.Name}'; expected the numbers of a {column.Type}"),
            };
        }
        catch (ArgumentException e)
        {
            throw Fault($"has '{text}' in its column '{column.Name}': {e.Message.TrimEnd('.')}", e);
        }
    }

    private async Task<T> Checked<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
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
    int Count, ReadOnlyMemory<float> Embeddings, IReadOnlyList<IReadOnlyDictionary<string, object?>> Values);
