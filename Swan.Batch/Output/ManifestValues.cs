using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;

namespace Swan.Batch.Output;

/// <summary>A manifest's column on its way into Parquet: its field, and the values of a row group.</summary>
internal abstract class ManifestValues(DataField own)
{
    /// <summary>The field; each value may be missing.</summary>
    public DataField Field => own;

    /// <summary>The column for one of a manifest.</summary>
    public static ManifestValues Create(KeptColumn column) => column.Type switch
    {
        KeptColumn.Text => new Texts(column.ToField()),
        KeptColumn.Boolean => new Scalars<bool>(column.ToField()),
        KeptColumn.Int32 => new Scalars<int>(column.ToField()),
        KeptColumn.Int64 => new Scalars<long>(column.ToField()),
        KeptColumn.Single => new Scalars<float>(column.ToField()),
        KeptColumn.Double => new Scalars<double>(column.ToField()),
        _ => new Scalars<DateTime>(column.ToField()),
    };

    /// <summary>Takes a value as <see cref="KeptColumn.Write"/> wrote it.</summary>
    public abstract void Add(string? value);

    /// <summary>Writes what was taken, and forgets it.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    private sealed class Texts(DataField field) : ManifestValues(field)
    {
        private readonly List<string?> _values = [];

        public override void Add(string? value) => _values.Add(value);

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, _values!).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private sealed class Scalars<T>(DataField field) : ManifestValues(field) where T : struct
    {
        private readonly List<T?> _values = [];

        public override void Add(string? value) => _values.Add(value is null ? null : KeptColumn.Read<T>(value));

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(Field, (ReadOnlyMemory<T?>)_values.ToArray()).ConfigureAwait(false);
            _values.Clear();
        }
    }
}
