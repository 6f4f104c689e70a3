using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>
/// Queries that are searched together. A row without an embedding gets no results; a fault of an earlier step waits until its row is read.
/// </summary>
internal sealed class SearchBatch : RowBatch
{
    private readonly SearchPass _pass;
    private readonly SwanIndex _index;
    private readonly SwanSearchOptions _options;
    private readonly Action<Span<float>> _read;
    private readonly float[] _value;
    private readonly ExceptionDispatchInfo?[] _faults;
    private readonly bool[] _missing;
    private readonly (float Score, int Row)[][] _found;

    // _queries[q * D + d] is the query of the row in slot _slots[q]: only rows that have one are searched.
    private readonly float[] _queries;
    private readonly int[] _slots;
    private int _searched;
    private int _count;

    public SearchBatch(SearchPass pass, Action<Span<float>> read, int size, SwanIndex index, SwanSearchOptions options, int capacity)
    {
        _pass = pass;
        _index = index;
        _options = options;
        _read = read;
        _value = new float[size];
        _faults = new ExceptionDispatchInfo?[capacity];
        _missing = new bool[capacity];
        _found = new (float, int)[capacity][];
        _queries = new float[checked(capacity * size)];
        _slots = new int[capacity];
    }

    public override void Clear() => (_count, _searched) = (0, 0);

    public override void Add()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        int slot = _count++;
        (_faults[slot], _found[slot], _missing[slot]) = (null, [], false);
        try
        {
            _read(_value);
        }
        catch (Exception e) when (!_options.CancellationToken.IsCancellationRequested)
        {
            // This runs ahead of the reader: rows before this one are still to be delivered.
            _faults[slot] = ExceptionDispatchInfo.Capture(e);
            return;
        }
        if (UnitVector.TryNormalize(_value, _queries.AsSpan(_searched * _value.Length, _value.Length))) _slots[_searched++] = slot;
        else _missing[slot] = true;
    }

    public override void Compute() => GallerySearch.Run(
        _index.Gallery, _queries.AsMemory(0, _searched * _value.Length), _options.K, (q, found) => _found[_slots[q]] = found,
        _options.CancellationToken);

    public override void Reached(int slot)
    {
        if (_missing[slot]) _pass.Missing++;
    }

    public override Delegate Getter(int column, Func<int> slot) => column == 0 ? Keys(slot) : Scores(slot);

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> Keys(Func<int> slot) => (ref VBuffer<ReadOnlyMemory<char>> destination) =>
    {
        (float Score, int Row)[] found = Found(slot());
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < found.Length ? _index.Keys[found[i].Row].AsMemory() : default;
        destination = editor.Commit();
    };

    private ValueGetter<VBuffer<float>> Scores(Func<int> slot) => (ref VBuffer<float> destination) =>
    {
        (float Score, int Row)[] found = Found(slot());
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < found.Length ? found[i].Score : float.NaN;
        destination = editor.Commit();
    };

    private (float Score, int Row)[] Found(int slot)
    {
        _faults[slot]?.Throw();
        return _found[slot];
    }
}
