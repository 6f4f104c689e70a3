using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>A column of the pipeline on its way into Parquet: its field, and the values of a row group.</summary>
internal abstract class OutputColumn
{
    /// <summary>The field under the pipeline's own column name.</summary>
    public abstract Field Field { get; }

    /// <summary>How many values a row has.</summary>
    public virtual int Width => 1;

    /// <summary>Makes room for the rows of a group.</summary>
    public virtual void Reserve(int rows)
    {
    }

    /// <summary>Says where values come from.</summary>
    /// <param name="row">A cursor, in which this column is active.</param>
    public abstract void Bind(DataViewRow row);

    /// <summary>Takes the value of the cursor's row.</summary>
    public abstract void Add();

    /// <summary>Writes what was taken, and forgets it.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    /// <summary>The column for a type of the pipeline; null where there is none.</summary>
    public static OutputColumn? Create(DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => new TextColumn(column),
        BooleanDataViewType => new ScalarColumn<bool>(column),
        NumberDataViewType type when type.RawType == typeof(int) => new ScalarColumn<int>(column),
        NumberDataViewType type when type.RawType == typeof(long) => new ScalarColumn<long>(column),
        NumberDataViewType type when type.RawType == typeof(float) => new ScalarColumn<float>(column),
        NumberDataViewType type when type.RawType == typeof(double) => new ScalarColumn<double>(column),
        VectorDataViewType { IsKnownSize: true } type when type.ItemType.RawType == typeof(float) => new VectorColumn(column, type.Size),
        _ => null,
    };

    private sealed class ScalarColumn<T>(DataViewSchema.Column column) : OutputColumn where T : struct
    {
        private readonly DataField<T> _field = new(column.Name);
        private readonly List<T> _values = [];
        private ValueGetter<T>? _getter;

        public override Field Field => _field;

        public override void Bind(DataViewRow row) => _getter = row.GetGetter<T>(row.Schema[column.Name]);

        public override void Add()
        {
            T value = default;
            _getter!(ref value);
            _values.Add(value);
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(_field, _values.ToArray()).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private sealed class TextColumn(DataViewSchema.Column column) : OutputColumn
    {
        private readonly DataField<string> _field = new(column.Name, nullable: false);
        private readonly List<string> _values = [];
        private ValueGetter<ReadOnlyMemory<char>>? _getter;

        public override Field Field => _field;

        public override void Bind(DataViewRow row) => _getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[column.Name]);

        public override void Add()
        {
            ReadOnlyMemory<char> value = default;
            _getter!(ref value);
            _values.Add(value.ToString());
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(_field, _values).ConfigureAwait(false);
            _values.Clear();
        }
    }

    /// <summary>A list, not a fixed-size binary: pandas, DuckDB, Spark and ML.NET's readers all know it.</summary>
    private sealed class VectorColumn : OutputColumn
    {
        private readonly DataViewSchema.Column _column;
        private readonly DataField<float> _element = new("element");
        private ValueGetter<VBuffer<float>>? _getter;
        private VBuffer<float> _value;
        private int _rows;

        // _values[r * D + d]. Parquet's repetition levels are 0 where a row's list begins, else 1; its definition levels say that nothing
        // is null.
        private float[] _values = [];
        private int[] _repetition = [];
        private int[] _definition = [];

        public VectorColumn(DataViewSchema.Column column, int size)
        {
            (_column, Width) = (column, size);
            Field = new ListField(column.Name, _element);
        }

        public override Field Field { get; }

        public override int Width { get; }

        public override void Reserve(int rows)
        {
            _values = new float[rows * Width];
            _repetition = new int[_values.Length];
            for (int i = 0; i < _repetition.Length; i++) _repetition[i] = i % Width == 0 ? 0 : 1;
            _definition = new int[_values.Length];
            Array.Fill(_definition, _element.MaxDefinitionLevel);
        }

        public override void Bind(DataViewRow row) => _getter = row.GetGetter<VBuffer<float>>(row.Schema[_column.Name]);

        public override void Add()
        {
            _getter!(ref _value);
            _value.CopyTo(_values.AsSpan(_rows++ * Width, Width));
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            int count = _rows * Width;
            Memory<float> values = _values.AsMemory(0, count);
            Memory<int> definition = _definition.AsMemory(0, count), repetition = _repetition.AsMemory(0, count);
            await group.WriteAllPartsAsync<float>(_element, values, definition, repetition, CancellationToken.None).ConfigureAwait(false);
            _rows = 0;
        }
    }
}
