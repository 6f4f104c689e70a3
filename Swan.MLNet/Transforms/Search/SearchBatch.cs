using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>
/// Queries that are searched together. A row without an embedding gets no results; a fault of an earlier step waits until its row is read.
/// </summary>
internal sealed class SearchBatch : RowBatch
{
    private const int None = -1;
    private readonly SearchPass _pass;
    private readonly EmbeddingColumn _input;
    private readonly SwanGallery _gallery;
    private readonly SwanSearchOptions _options;
    private readonly Action<Span<float>> _read;
    private readonly float[] _value;
    private readonly ExceptionDispatchInfo?[] _faults;
    private readonly bool[] _missing;

    // _queries[q * D + d]: only rows that have an embedding are searched. _place[slot] is the row's q.
    private readonly float[] _queries;
    private readonly int[] _place;
    private readonly FoundKeys _found = new();
    private int _searched;
    private int _count;

    public SearchBatch(
        SearchPass pass, EmbeddingColumn input, DataViewRow row, SwanGallery gallery, SwanSearchOptions options, int capacity)
    {
        _pass = pass;
        _input = input;
        _gallery = gallery;
        _options = options;
        _read = input.Reader(row);
        _value = new float[input.Size];
        _faults = new ExceptionDispatchInfo?[capacity];
        _missing = new bool[capacity];
        _queries = new float[checked(capacity * input.Size)];
        _place = new int[capacity];
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
        GalleryView view = _gallery.Enter();
        try
        {
            RequireComparable(view);
            var wanted = new Wanted(_options.K, float.NegativeInfinity, view.Asked(_options.Filter, _options.CancellationToken));
            _found.Begin(view, _searched, _options.K);
            view.Search.Run(
                _queries.AsMemory(0, _searched * _value.Length), wanted, threads: 0, _found, _options.CancellationToken);
        }
        finally
        {
            _found.End();
            _gallery.Leave(view);
        }
    }

    public override void Reached(int slot)
    {
        if (_missing[slot]) _pass.Missing++;
    }

    public override Delegate Getter(int column, Func<int> slot) => column == 0 ? Keys(slot) : Scores(slot);

    // A living index may have been re-embedded since the schema check, by another model or from images in another range.
    private void RequireComparable(GalleryView view)
    {
        if (view.EmbeddingSize != _value.Length || !ModelIdentity.Agree(_input.Model, view.Model))
        {
            throw new SwanMismatchException(
                $"The index now holds embeddings of {view.EmbeddingSize} values{(view.Model is null ? "" : $" of {view.Model}")}, but "
                + $"the column '{_input.Column.Name}' has {_value.Length}{(_input.Model is null ? "" : $" of {_input.Model}")}. "
                + "Embed the queries with the index's model.");
        }
        if (!GivenRange.Agree(_input.Range, view.GivenRange))
        {
            throw new SwanMismatchException(
                $"The index's images are now those read with {view.GivenRange}, but those of the column '{_input.Column.Name}' with "
                + $"{_input.Range}: {GivenRange.Consequence}.");
        }
    }

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> Keys(Func<int> slot) => (ref VBuffer<ReadOnlyMemory<char>> destination) =>
    {
        (int first, int count) = Place(slot());
        VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < count ? _found.Keys[first + i].AsMemory() : default;
        destination = editor.Commit();
    };

    private ValueGetter<VBuffer<float>> Scores(Func<int> slot) => (ref VBuffer<float> destination) =>
    {
        (int first, int count) = Place(slot());
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _options.K);
        for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = i < count ? _found.Scores[first + i] : float.NaN;
        destination = editor.Commit();
    };

    private (int First, int Count) Place(int slot)
    {
        _faults[slot]?.Throw();
        return _place[slot] == None ? default : _found.Place(_place[slot]);
    }
}
