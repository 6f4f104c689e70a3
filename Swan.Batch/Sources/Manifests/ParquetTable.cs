using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>A manifest in Parquet, read a row group at a time.</summary>
internal sealed class ParquetTable : ManifestTable
{
    private readonly ParquetReader _reader;
    private readonly Stream _content;
    private readonly string _name;
    private readonly Dictionary<string, DataField> _fields;

    private ParquetTable(ParquetReader reader, Stream content, string name)
    {
        (_reader, _content, _name) = (reader, content, name);
        // What is in a list has many values a row.
        _fields = reader.Schema.GetDataFields().Where(f => f.MaxRepetitionLevel == 0)
            .ToDictionary(f => f.Path.ToString().Replace('/', '.'), StringComparer.Ordinal);
        Columns =
        [
            .. _fields.Select(f => new ManifestColumn(
                f.Key, KeptColumn.Of(f.Key, f.Value),
                ParquetValues.IsText(f.Value) || f.Value.ClrType == typeof(int) || f.Value.ClrType == typeof(long),
                f.Value.ClrType == typeof(byte[]) || f.Value.ClrType == typeof(ReadOnlyMemory<byte>))),
        ];
    }

    public override IReadOnlyList<ManifestColumn> Columns { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="content">The file, seekable; closed with this.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanBatchException">It is no Parquet file.</exception>
    public static async Task<ParquetTable> OpenAsync(Stream content, string name, CancellationToken cancellation)
    {
        ParquetReader? reader = null;
        try
        {
            reader = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellation).ConfigureAwait(false);
            return new ParquetTable(reader, content, name);
        }
        catch (Exception e)
        {
            if (reader is not null) await reader.DisposeAsync().ConfigureAwait(false);
            await content.DisposeAsync().ConfigureAwait(false);
            if (!IsDamage(e)) throw;
            throw Damaged(name, e);
        }
    }

    public override async IAsyncEnumerable<ManifestRow> ReadAsync(
        string name, IReadOnlyList<KeptColumn> kept, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long row = 0;
        for (int g = 0; g < _reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = _reader.OpenRowGroupReader(g);
            object?[] names = await ReadAsync(group, name, cancellation).ConfigureAwait(false);
            var values = new object?[kept.Count][];
            for (int c = 0; c < kept.Count; c++) values[c] = await ReadAsync(group, kept[c].Name, cancellation).ConfigureAwait(false);
            for (int i = 0; i < names.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return new ManifestRow(
                    $"row {++row}", KeptColumn.Write(names[i]), Array.ConvertAll(values, column => KeptColumn.Write(column[i])), g, i);
            }
        }
    }

    /// <summary>How many rows each row group has, and how many bytes a column of it has when it is read.</summary>
    public IReadOnlyList<(long Rows, long Bytes)> Groups(string column)
    {
        var groups = new (long, long)[_reader.RowGroupCount];
        for (int g = 0; g < groups.Length; g++)
        {
            using ParquetRowGroupReader group = _reader.OpenRowGroupReader(g);
            groups[g] = (group.RowCount, group.GetMetadata(_fields[column])?.MetaData?.TotalUncompressedSize ?? 0);
        }
        return groups;
    }

    /// <summary>The bytes of a row group, null where they are missing.</summary>
    public async Task<byte[]?[]> ReadBytesAsync(int number, string column, CancellationToken cancellation)
    {
        using ParquetRowGroupReader group = _reader.OpenRowGroupReader(number);
        try
        {
            return await ParquetValues.BytesAsync(group, _fields[column], cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(_name, e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _content.DisposeAsync().ConfigureAwait(false);
    }

    // A damaged file can fail in any way; a store that can't be read is a different failure.
    private static bool IsDamage(Exception e) => e is not (StoreException or SwanException or OperationCanceledException
        or OutOfMemoryException or UnauthorizedAccessException) && !MachineFault.Is(e);

    private static SwanBatchException Damaged(string name, Exception e) =>
        new($"'{name}' can't be read as a Parquet file: {e.Message.TrimEnd('.')}. Make it anew.", innerException: e);

    private async Task<object?[]> ReadAsync(ParquetRowGroupReader group, string column, CancellationToken cancellation)
    {
        try
        {
            return await ParquetValues.ReadAsync(group, _fields[column], cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(_name, e);
        }
    }
}
