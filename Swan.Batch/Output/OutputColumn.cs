using System.Numerics.Tensors;
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

    /// <summary>As <see cref="ListColumn{T}.Ranges"/>.</summary>
    public virtual IReadOnlyList<(Half Least, Half Largest)>? Ranges => null;

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
    /// <param name="column">The pipeline's.</param>
    /// <param name="precision">That of embeddings; other vectors are float32.</param>
    public static OutputColumn? Create(DataViewSchema.Column column, BatchPrecision precision) => column.Type switch
    {
        TextDataViewType => new TextColumn(column),
        BooleanDataViewType => new ScalarColumn<bool>(column),
        NumberDataViewType type when type.RawType == typeof(int) => new ScalarColumn<int>(column),
        NumberDataViewType type when type.RawType == typeof(long) => new ScalarColumn<long>(column),
        NumberDataViewType type when type.RawType == typeof(float) => new ScalarColumn<float>(column),
        NumberDataViewType type when type.RawType == typeof(double) => new ScalarColumn<double>(column),
        VectorDataViewType { IsKnownSize: true } type when type.ItemType.RawType == typeof(float) =>
            precision == BatchPrecision.Half && column.Name == BatchSteps.EmbeddingColumn
                ? new VectorColumn<Half>(column, type.Size, TensorPrimitives.ConvertToHalf)
                : new VectorColumn<float>(column, type.Size, (values, room) => values.CopyTo(room)),
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

    private sealed class VectorColumn<T> : OutputColumn where T : unmanaged
    {
        private readonly DataViewSchema.Column _column;
        private readonly ListColumn<T> _lists;
        private readonly Conversion _convert;
        private readonly float[] _dense;
        private ValueGetter<VBuffer<float>>? _getter;
        private VBuffer<float> _value;

        public VectorColumn(DataViewSchema.Column column, int size, Conversion convert) =>
            (_column, _lists, _convert, _dense) = (column, new ListColumn<T>(column.Name) { Width = size }, convert, new float[size]);

        /// <summary>Writes values as those of the column.</summary>
        public delegate void Conversion(ReadOnlySpan<float> values, Span<T> room);

        public override Field Field => _lists.Field;

        public override int Width => _lists.Width;

        public override IReadOnlyList<(Half Least, Half Largest)>? Ranges => _lists.Ranges;

        public override void Reserve(int rows) => _lists.Reserve(rows);

        public override void Bind(DataViewRow row) => _getter = row.GetGetter<VBuffer<float>>(row.Schema[_column.Name]);

        public override void Add()
        {
            _getter!(ref _value);
            _value.CopyTo(_dense);
            _convert(_dense, _lists.Next());
        }

        public override Task WriteAsync(ParquetRowGroupWriter group) => _lists.WriteAsync(group);
    }
}
