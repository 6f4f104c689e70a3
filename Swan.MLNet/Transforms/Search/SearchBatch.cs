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
internal sealed class SearchBatch : RowBatch, IFoundRows
{
    private const int None = -1;
    private readonly SearchPass _pass;
    private readonly SwanIndex _index;
    private readonly SwanSearchOptions _options;
    private readonly Action<Span<float>> _read;
    private readonly float[] _value;
    private readonly ExceptionDispatchInfo?[] _faults;
    private readonly bool[] _missing;

    // _queries[q * D + d]: only rows that have an embedding are searched. _place[slot] is the row's q.
    private readonly float[] _queries;
    private readonly int[] _place;

    // _found[q * _hits + i]: what a batch needs at least, and used again.
    private readonly int _hits;
    private (float Score, int Row)[] _found = [];
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
        _queries = new float[checked(capacity * size)];
        _place = new int[capacity];
        _hits = Math.Min(options.K, index.Count);
    }

    public override void Clear() => (_count, _searched) = (0, 0);

    public override void Add()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        int slot = _count++;
        (_faults[slot], _place[slot], _missing[slot]) = (null, None, false);
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
        if (UnitVector.TryNormalize(_value, _queries.AsSpan(_searched * _value.Length, _value.Length))) _place[slot] = _searched++;
        else _missing[slot] = true;
    }

    public override void Compute()
    {
        if (_found.Length < _searched * (long)_hits) _found = new (float, int)[_searched * (long)_hits];
        _index.GallerySearch.Run(_queries.AsMemory(0, _searched * _value.Length), _options.K, this, _options.CancellationToken);
    }

    void IFoundRows.Found(int query, ReadOnlySpan<(float Score, int Row)> best) => best.CopyTo(_found.AsSpan(query * _hits, _hits));

    public override void Reached(int slot)
    {
        if (_missing[slot]) _pass.Missing++;
    }

    public override Delegate Getter(int column, Func<int> slot) => column == 0 ? Keys(slot) : Scores(slot);

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> Keys(Func<int> slot) => (ref VBuffer<ReadOnlyMemory<char>> destination) =>
    {
        ReadOnlySpan<(float Score, int Row)> found = Found(slot());
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < found.Length ? _index.Keys[found[i].Row].AsMemory() : default;
        destination = editor.Commit();
    };

    private ValueGetter<VBuffer<float>> Scores(Func<int> slot) => (ref VBuffer<float> destination) =>
    {
        ReadOnlySpan<(float Score, int Row)> found = Found(slot());
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < found.Length ? found[i].Score : float.NaN;
        destination = editor.Commit();
    };

    private ReadOnlySpan<(float Score, int Row)> Found(int slot)
    {
        _faults[slot]?.Throw();
        return _place[slot] == None ? [] : _found.AsSpan(_place[slot] * _hits, _hits);
    }
}
