using System.Globalization;
using Microsoft.ML.SearchSpace;

namespace AutoMLPipeline.Search;

/// <summary>One setting that a search may change, mapped to [0, 1).</summary>
/// <param name="Path">The properties that lead to it, such as <c>Features.Dimensions</c>.</param>
/// <param name="Default">Where the options' own default lies.</param>
internal abstract record Dimension(string Path, double Default)
{
    /// <summary>The setting's value at a place in [0, 1).</summary>
    public abstract object At(double place);
}

/// <summary>A few candidates, equally likely.</summary>
internal sealed record Choice : Dimension
{
    private readonly object[] _candidates;

    public Choice(string path, IEnumerable<object> candidates, object start)
        : base(path, Place([.. candidates], start)) => _candidates = [.. candidates];

    public override object At(double place) => _candidates[Math.Min((int)(place * _candidates.Length), _candidates.Length - 1)];

    private static double Place(object[] candidates, object start) =>
        (Math.Max(0, Array.IndexOf(candidates, start)) + 0.5) / candidates.Length;
}

/// <summary>A range of numbers, both ends included, even in the value or in its logarithm.</summary>
internal sealed record Interval : Dimension
{
    private readonly double _low, _high;
    private readonly bool _log;
    private readonly Type _type;

    public Interval(string path, RangeAttribute range, Type type, object start) : base(path, Place(range, Number(start)))
    {
        (_low, _high, _log, _type) = (Number(range.Min), Number(range.Max), range.LogBase, type);
    }

    public override object At(double place)
    {
        double value = _log ? _low * Math.Pow(_high / _low, place) : _low + (_high - _low) * place;
        return Convert.ChangeType(
            _type == typeof(int) || _type == typeof(long) ? Math.Round(value) : Math.Clamp(value, _low, _high),
            _type,
            CultureInfo.InvariantCulture);
    }

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static double Place(RangeAttribute range, double start)
    {
        double low = Number(range.Min), high = Number(range.Max);
        return range.LogBase ? Math.Log(start / low) / Math.Log(high / low) : (start - low) / (high - low);
    }
}
