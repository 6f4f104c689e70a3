using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Swan.MLNet.DataViews;

/// <summary>The values of one source column for the rows of a <see cref="RowBatchWindow"/>.</summary>
/// <remarks>
/// An ML.NET getter writes into its caller's destination, so each slot owns its value, and the source may move on. The source is read at
/// most once per row. Its exceptions are kept, and thrown when that value is read.
/// </remarks>
internal abstract class BufferedColumn
{
    /// <summary>Makes the buffer of a column.</summary>
    /// <param name="source">The source's cursor, in which the column is active.</param>
    /// <param name="column">The column, of the source's schema.</param>
    public static BufferedColumn Create(DataViewRow source, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        Type buffer = column.Type switch
        {
            VectorDataViewType => typeof(BufferedVectors<>).MakeGenericType(type.GetGenericArguments()),
            ImageDataViewType => typeof(BufferedImages),
            _ => typeof(BufferedValues<>).MakeGenericType(type),
        };
        return (BufferedColumn)Activator.CreateInstance(buffer, source, column)!;
    }

    /// <summary>Makes room; what is in the first slots stays.</summary>
    public abstract void Resize(int capacity);

    /// <summary>Takes the value of the row that the source stands on.</summary>
    /// <returns>About how many bytes the slot holds now.</returns>
    public abstract long Fetch(int slot);
}

/// <summary>The part that all types share.</summary>
internal abstract class BufferedColumn<T>(DataViewRow source, DataViewSchema.Column column) : BufferedColumn
{
    private readonly ValueGetter<T> _source = source.GetGetter<T>(column);
    private ExceptionDispatchInfo?[] _faults = [];

    // _values[slot]
    protected T[] Values { get; private set; } = [];

    public override void Resize(int capacity)
    {
        T[] values = Values;
        Array.Resize(ref values, capacity);
        Values = values;
        Array.Resize(ref _faults, capacity);
    }

    public override long Fetch(int slot)
    {
        _faults[slot] = null;
        Emptied(slot);
        try
        {
            _source(ref Values[slot]);
        }
        catch (Exception e)
        {
            // Also cancellation and exhausted memory: a slot that looked filled would deliver an earlier row's value.
            _faults[slot] = ExceptionDispatchInfo.Capture(e);
            return 0;
        }
        return Bytes(Values[slot]);
    }

    /// <summary>Gives a batch the value of a slot, which stays the slot's.</summary>
    public void Borrow(int slot, ref T value)
    {
        _faults[slot]?.Throw();
        Lend(slot, ref value);
    }

    /// <summary>Gives the reader a slot's value.</summary>
    public void Deliver(int slot, ref T value)
    {
        _faults[slot]?.Throw();
        HandOver(slot, ref value);
    }

    /// <summary>The slot is about to take another row's value.</summary>
    protected virtual void Emptied(int slot)
    {
    }

    /// <summary>About how many bytes a value holds.</summary>
    protected abstract long Bytes(in T value);

    /// <summary>Looks at the value.</summary>
    protected abstract void Lend(int slot, ref T value);

    /// <summary>Gives the reader a value of its own.</summary>
    protected abstract void HandOver(int slot, ref T value);
}
