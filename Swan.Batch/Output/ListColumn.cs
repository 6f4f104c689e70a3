using System.Numerics.Tensors;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>Lists of numbers, all of one length and without nulls, on their way into Parquet.</summary>
/// <remarks>Lists, not binaries of a fixed size: pandas, DuckDB, Spark and ML.NET's readers all know them.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="Half"/>.</typeparam>
internal sealed class ListColumn<T> where T : unmanaged
{
    private readonly DataField _element =
        typeof(T) == typeof(Half) ? Float16Field.Create("element") : new DataField<T>("element");
    private readonly List<(Half Least, Half Largest)> _ranges = [];
    private int _rows;

    // _values[r * D + d]. Parquet's repetition levels are 0 where a row's list begins, else 1; its definition levels say that nothing is
    // null.
    private T[] _values = [];
    private int[] _repetition = [];
    private int[] _definition = [];
    private decimal[] _decimals = [];

    /// <summary>Makes one under a column's name.</summary>
    public ListColumn(string name) => Field = new ListField(name, _element);

    /// <summary>The field that is written.</summary>
    public ListField Field { get; }

    /// <summary>Of float16: the least and the largest value of each row group, for the corrected footer.</summary>
    public IReadOnlyList<(Half Least, Half Largest)>? Ranges => typeof(T) == typeof(Half) ? _ranges : null;

    /// <summary>D; set before the first list is taken.</summary>
    public int Width { get; set; } = 1;

    /// <summary>Begins another file: what was written is of the one before.</summary>
    public void BeginFile() => _ranges.Clear();

    /// <summary>Makes room for lists.</summary>
    public void Reserve(int rows)
    {
        if (rows * Width > _values.Length) Array.Resize(ref _values, rows * Width);
    }

    /// <summary>Room for the next row's list.</summary>
    public Span<T> Next()
    {
        if ((_rows + 1) * Width > _values.Length) Reserve(Math.Max(16, 2 * _rows));
        return _values.AsSpan(_rows++ * Width, Width);
    }

    /// <summary>Writes what was taken, and forgets it.</summary>
    public async Task WriteAsync(ParquetRowGroupWriter group)
    {
        int count = _rows * Width;
        if (_repetition.Length < count)
        {
            _repetition = new int[count];
            for (int i = 0; i < count; i++) _repetition[i] = i % Width == 0 ? 0 : 1;
            _definition = new int[count];
            Array.Fill(_definition, _element.MaxDefinitionLevel);
        }
        ReadOnlyMemory<int> definition = _definition.AsMemory(0, count), repetition = _repetition.AsMemory(0, count);
        if (_values is Half[] halves)
        {
            await group.WriteAllPartsAsync<decimal>(_element, Decimals(halves.AsSpan(0, count)), definition, repetition,
                CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await group.WriteAllPartsAsync<T>(_element, _values.AsMemory(0, count), definition, repetition, CancellationToken.None)
                .ConfigureAwait(false);
        }
        _rows = 0;
    }

    private ReadOnlyMemory<decimal> Decimals(ReadOnlySpan<Half> values)
    {
        if (_decimals.Length < values.Length) _decimals = new decimal[values.Length];
        for (int i = 0; i < values.Length; i++) _decimals[i] = Float16Field.ToDecimal(values[i]);
        // NaN is in no range, and zeros are equal whatever their sign.
        Half least = values.IsEmpty ? Half.NaN : TensorPrimitives.Min(values);
        Half largest = values.IsEmpty ? Half.NaN : TensorPrimitives.Max(values);
        _ranges.Add(Half.IsNaN(least) ? (Half.NegativeInfinity, Half.PositiveInfinity)
            : (least == Half.Zero ? Half.NegativeZero : least, largest == Half.Zero ? Half.Zero : largest));
        return _decimals.AsMemory(0, values.Length);
    }
}
