using Parquet;
using Parquet.Schema;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using static System.FormattableString;

namespace Swan.Batch.Indexes;

/// <summary>A column of an index on its way into Parquet: its field, and the values of a row group.</summary>
internal abstract class IndexColumn
{
    public abstract Field Field { get; }

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

/// <summary>The embeddings, as lists, which pandas, DuckDB and Spark know.</summary>
/// <param name="size">D.</param>
internal sealed class EmbeddingsColumn(int size) : IndexColumn
{
    private readonly DataField<float> _element = new("element");

    // _values[r * D + d]
    private readonly List<float> _values = [];
    private ListField? _field;

    public override Field Field => _field ??= new ListField("embedding", _element);

    public override void Add(SwanRow row) => _values.AddRange(row.Embedding.Span);

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        // Parquet's repetition levels are 0 where a row's list begins, else 1; its definition levels say that nothing is null.
        int[] repetition = new int[_values.Count], definition = new int[_values.Count];
        for (int i = 0; i < repetition.Length; i++) repetition[i] = i % size == 0 ? 0 : 1;
        Array.Fill(definition, _element.MaxDefinitionLevel);
        await group.WriteAllPartsAsync<float>(_element, _values.ToArray(), definition, repetition, CancellationToken.None)
            .ConfigureAwait(false);
        _values.Clear();
    }
}
