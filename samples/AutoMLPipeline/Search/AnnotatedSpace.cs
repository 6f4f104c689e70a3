using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.SearchSpace;

namespace AutoMLPipeline.Search;

/// <summary>
/// The settings that ML.NET's <c>[Range]</c>, <c>[Choice]</c>, <c>[BooleanChoice]</c> and <c>[NestOption]</c> open in an options class.
/// </summary>
/// <remarks>
/// It reads the annotations as
/// <c>SearchSpace&lt;T></c> of the package Microsoft.ML.AutoML does, so that with that package at hand the same options go to
/// <c>mlContext.Auto().CreateSweepableEstimator(factory, new SearchSpace&lt;T>(defaults))</c>, and its tuners take the place of <see
/// cref="RandomSearch"/>.
/// </remarks>
/// <typeparam name="T">Survives JSON.</typeparam>
internal sealed class AnnotatedSpace<T> where T : class, new()
{
    private readonly JsonNode _defaults;
    private readonly List<Dimension> _dimensions = [];

    public AnnotatedSpace(T defaults)
    {
        _defaults = JsonSerializer.SerializeToNode(defaults)!;
        Collect(typeof(T), defaults, "");
    }

    /// <summary>What can change, in the order of declaration.</summary>
    public IReadOnlyList<Dimension> Dimensions => _dimensions;

    /// <summary>The place of the defaults, a number in [0, 1) for each dimension.</summary>
    public double[] Default => [.. _dimensions.Select(d => d.Default)];

    /// <summary>Opens a setting whose candidates are known only now, or narrows an annotated one.</summary>
    public void Choose<TValue>(string path, params IReadOnlyList<TValue> candidates) where TValue : notnull
    {
        int index = _dimensions.FindIndex(d => d.Path == path);
        JsonNode start = Leaf(_defaults, path, out string name)[name]
            ?? throw new ArgumentException($"{typeof(T).Name} has no property '{path}'.", nameof(path));
        var choice = new Choice(path, candidates.Cast<object>(), start.Deserialize<TValue>()!);
        if (index < 0) _dimensions.Insert(0, choice);
        else _dimensions[index] = choice;
    }

    /// <summary>The options at a place.</summary>
    public T At(IReadOnlyList<double> place)
    {
        JsonNode options = _defaults.DeepClone();
        for (int i = 0; i < _dimensions.Count; i++)
        {
            object value = _dimensions[i].At(place[i]);
            Leaf(options, _dimensions[i].Path, out string name)[name] = JsonSerializer.SerializeToNode(value, value.GetType());
        }
        return options.Deserialize<T>()!;
    }

    private void Collect(Type type, object defaults, string prefix)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string path = prefix + property.Name;
            if (property.GetCustomAttribute<NestOptionAttribute>() is not null)
                Collect(property.PropertyType, property.GetValue(defaults)!, path + ".");
            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
                _dimensions.Add(new Interval(path, range, property.PropertyType, property.GetValue(defaults)!));
            if (property.GetCustomAttribute<ChoiceAttribute>() is { } choice)
                _dimensions.Add(new Choice(path, choice.Candidates, property.GetValue(defaults)!));
            if (property.GetCustomAttribute<BooleanChoiceAttribute>() is not null)
                _dimensions.Add(new Choice(path, [false, true], property.GetValue(defaults)!));
        }
    }

    private static JsonNode Leaf(JsonNode root, string path, out string name)
    {
        string[] names = path.Split('.');
        name = names[^1];
        return names[..^1].Aggregate(root,
            (node, n) => node[n] ?? throw new ArgumentException($"{typeof(T).Name} has no property '{path}'.", nameof(path)));
    }
}
