using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using static System.FormattableString;

namespace Swan.Batch.Indexes;

/// <summary>A column of an index on its way into Parquet: its field, and the values of a row group.</summary>
internal abstract class IndexColumn
{
    public abstract Field Field { get; }

    /// <summary>How many values a row has.</summary>
    public virtual int Width => 1;

    /// <summary>Takes a row's value.</summary>
    public abstract void Add(SwanRow row);

    /// <summary>Writes what was taken, and forgets it.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    /// <summary>The column for one of the index's.</summary>
    public static IndexColumn Create(SwanColumn column) => column.Type switch
    {
        SwanColumnType.Number => new NullableColumn<double>(
            new DataField<double>(column.Name, nullable: true), row => (double?)row.Values[column.Name]),
        SwanColumnType.Boolean => new NullableColumn<bool>(
            new DataField<bool>(column.Name, nullable: true), row => (bool?)row.Values[column.Name]),
        SwanColumnType.Date => new NullableColumn<DateTime>(
            new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: true),
            row => ((DateTimeOffset?)row.Values[column.Name])?.UtcDateTime),
        _ => new TextColumn(new DataField<string>(column.Name, nullable: true), row => TextOf(row.Values[column.Name])),
    };

    private static string? TextOf(object? value) => value switch
    {
        SwanPoint point => Invariant($"{point.X:R} {point.Y:R}"),
        SwanBox box => Invariant($"{box.West:R} {box.South:R} {box.East:R} {box.North:R}"),
        _ => (string?)value,
    };

    private sealed class NullableColumn<T>(DataField parquet, Func<SwanRow, T?> value) : IndexColumn where T : struct
    {
        private readonly List<T?> _values = [];

        public override Field Field => parquet;

        public override void Add(SwanRow row) => _values.Add(value(row));

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(parquet, _values.ToArray()).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private protected sealed class TextColumn(DataField parquet, Func<SwanRow, string?> value) : IndexColumn
    {
        private readonly List<string?> _values = [];

        public override Field Field => parquet;

        public override void Add(SwanRow row) => _values.Add(value(row));

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(parquet, (IReadOnlyCollection<string>)_values!).ConfigureAwait(false);
            _values.Clear();
        }
    }
}

/// <summary>The keys.</summary>
internal sealed class KeyColumn : IndexColumn
{
    private readonly DataField<string> _field = new(BatchSteps.ImageColumn, nullable: false);
    private readonly List<string> _keys = [];

    public override Field Field => _field;

    public override void Add(SwanRow row) => _keys.Add(row.Key);

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        await group.WriteAsync(_field, _keys).ConfigureAwait(false);
        _keys.Clear();
    }
}

/// <summary>The embeddings.</summary>
/// <param name="size">D.</param>
internal sealed class EmbeddingsColumn(int size) : IndexColumn
{
    private readonly ListColumn<float> _lists = new(BatchSteps.EmbeddingColumn) { Width = size };

    public override Field Field => _lists.Field;

    public override int Width => size;

    public override void Add(SwanRow row) => row.Embedding.Span.CopyTo(_lists.Next());

    public override Task WriteAsync(ParquetRowGroupWriter group) => _lists.WriteAsync(group);
}
