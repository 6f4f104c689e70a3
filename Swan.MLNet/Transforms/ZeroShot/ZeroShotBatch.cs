using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>One row's scores. A row without an embedding has no class (a missing key) and missing scores.</summary>
internal sealed class ZeroShotBatch : RowBatch
{
    private readonly Action<Span<float>> _read;
    private readonly EmbeddingBlocks _classes;
    private readonly float _temperature;
    private readonly float[] _value;
    private readonly float[] _unit;
    private readonly float[] _scores;
    private uint _key;

    public ZeroShotBatch(EmbeddingColumn input, DataViewRow row, EmbeddingBlocks classes, float temperature)
    {
        _read = input.Reader(row);
        _classes = classes;
        _temperature = temperature;
        _value = new float[input.Size];
        _unit = new float[input.Size];
        _scores = new float[classes.Count];
    }

    public override void Clear()
    {
    }

    public override void Add() => _read(_value);

    public override void Compute()
    {
        if (!UnitVector.TryNormalize(_value, _unit))
        {
            _key = 0;
            _scores.AsSpan().Fill(float.NaN);
            return;
        }
        for (int block = 0; block < _classes.Blocks; block++)
        {
            DotProducts.Fill(
                _classes.Block(block), _unit.Length, _unit, _unit.Length, _scores.AsSpan(block * _classes.RowsPerBlock), _classes.Count);
        }
        // Of equal classes the first wins.
        int best = TensorPrimitives.IndexOfMax<float>(_scores);
        _key = (uint)best + 1;
        // Relative to the best, so no exponential overflows.
        TensorPrimitives.Subtract(_scores, _scores[best], _scores);
        TensorPrimitives.Divide(_scores, _temperature, _scores);
        TensorPrimitives.Exp<float>(_scores, _scores);
        TensorPrimitives.Divide(_scores, TensorPrimitives.Sum<float>(_scores), _scores);
    }

    public override Delegate Getter(int column, Func<int> slot) => column == 0 ? Key(slot) : Scores(slot);

    private ValueGetter<uint> Key(Func<int> slot) => (ref uint destination) =>
    {
        slot();
        destination = _key;
    };

    private ValueGetter<VBuffer<float>> Scores(Func<int> slot) => (ref VBuffer<float> destination) =>
    {
        slot();
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, _scores.Length);
        _scores.CopyTo(editor.Values);
        destination = editor.Commit();
    };
}
