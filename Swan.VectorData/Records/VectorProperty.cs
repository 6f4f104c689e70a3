using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Search;

namespace Swan.VectorData.Records;

/// <summary>The property with the embedding, or with the value that a generator embeds.</summary>
internal sealed class VectorProperty : RecordProperty
{
    public const string Supported = "ReadOnlyMemory<float>, float[] and Embedding<float>";

    private const double UnitTolerance = 1e-3;

    private readonly SourceEmbedder? _source;

    /// <param name="description">Its description.</param>
    /// <param name="generator">The collection's generator; the property's own takes precedence.</param>
    public VectorProperty(PropertyDescription description, IEmbeddingGenerator? generator) : base(description)
    {
        Dimensions = description.Dimensions;
        if (Dimensions < 1) throw new InvalidOperationException($"The vector '{Name}' has {Dimensions} dimensions; expected at least 1.");
        Similarity = Similarity.Of(description.DistanceFunction, Name);
        Scan = description.IndexKind == IndexKind.QuantizedFlat ? SwanIndexScan.Int8 : SwanIndexScan.Float32;
        Generator = description.Generator ?? generator;
        if (description.EmbeddingType is { } asked && asked != typeof(Embedding<float>))
            throw new NotSupportedException($"The vector '{Name}' uses {asked.Name}, but the index stores float32. Use Embedding<float>.");
        IsNative = ValueType == typeof(ReadOnlyMemory<float>) || ValueType == typeof(float[]) || ValueType == typeof(Embedding<float>);
        if (IsNative) return;
        if (Generator is null)
        {
            throw new InvalidOperationException(
                $"The vector '{Name}' is of type {ValueType.Name}, which is not an embedding type, and no generator embeds it. "
                + $"Embedding types are {Supported}. Set EmbeddingGenerator in the options of the store or collection, or in "
                + "the definition.");
        }
        _source = SourceEmbedder.For(ValueType, Generator) ?? throw new InvalidOperationException(
            $"The vector '{Name}' is of type {ValueType.Name}, which the generator {Generator.GetType().Name} doesn't embed as "
            + "Embedding<float>.");
    }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>The kind of scores.</summary>
    public Similarity Similarity { get; }

    /// <summary>The data that a search reads.</summary>
    public SwanIndexScan Scan { get; }

    /// <summary>Embeds sources and queries; null if there is none.</summary>
    public IEmbeddingGenerator? Generator { get; }

    /// <summary>Whether the property has the embedding itself.</summary>
    public bool IsNative { get; }

    /// <summary>The property's values in some records.</summary>
    /// <exception cref="ArgumentException">A record has nothing.</exception>
    public object[] ValuesOf(IReadOnlyList<object> records) =>
    [
        .. records.Select((record, i) => Get(record) ?? throw new ArgumentException(
            $"The vector '{Name}' of record {i} is null. Every row of an index needs an embedding.")),
    ];

    /// <summary>The embeddings of such values, in their order; the generator's errors are its own.</summary>
    public Task<ReadOnlyMemory<float>[]> EmbedAsync(object[] values, CancellationToken cancellation) => _source is null
        ? Task.FromResult(Array.ConvertAll(values, value => Native(value)!.Value))
        : _source.EmbedAsync(values, cancellation);

    /// <summary>The fault of an embedding, as text after its name; null if there is none.</summary>
    public string? Fault(ReadOnlyMemory<float> vector)
    {
        if (vector.Length != Dimensions) return $"has {vector.Length:N0} values; expected {Dimensions:N0}.";
        if (!Similarity.NeedsUnitLength) return null;
        double squares = 0;
        foreach (float value in vector.Span) squares += (double)value * value;
        return Math.Abs(squares - 1) <= UnitTolerance ? null : FormattableString.Invariant(
            $"has length {Math.Sqrt(squares):G4}. {DistanceFunction.DotProductSimilarity} needs vectors of unit length: scale them, ")
            + $"or use {DistanceFunction.CosineSimilarity}.";
    }

    /// <summary>Gives a record its embedding.</summary>
    public void GiveBack(object record, ReadOnlyMemory<float> embedding)
    {
        if (!CanWrite) return;
        Set(record, ValueType == typeof(float[]) ? embedding.ToArray()
            : ValueType == typeof(Embedding<float>) ? new Embedding<float>(embedding) : embedding);
    }

    /// <summary>An embedding of any of the types that have one; null for others.</summary>
    public static ReadOnlyMemory<float>? Native(object? value)
    {
        // Not one expression: null would be an array's empty memory there.
        if (value is ReadOnlyMemory<float> memory) return memory;
        if (value is float[] array) return array.AsMemory();
        return value is Embedding<float> embedding ? embedding.Vector : new ReadOnlyMemory<float>?();
    }
}
