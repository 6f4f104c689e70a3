using Microsoft.Extensions.AI;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Generators;

/// <summary>The part that both generators share: checks of requests, their turns, and the form of answers.</summary>
internal sealed class GeneratorRequests : IDisposable
{
    public const string Provider = "swan";

    private readonly Permits _turns;
    private readonly RowQueue _waiting;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private volatile bool _disposed;

    public GeneratorRequests(SwanModel model, SwanGeneratorOptions? options, RowQueue waiting)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Options = (options ?? new SwanGeneratorOptions()).Checked();
        _turns = new Permits(Options.Concurrency);
        _waiting = waiting;
        _metadata = new EmbeddingGeneratorMetadata(Provider, defaultModelId: model.Card.Name, defaultModelDimensions: model.EmbeddingSize);
    }

    public SwanModel Model { get; }

    public SwanGeneratorOptions Options { get; }

    /// <summary>Refuses what this model can't do, before anything is done.</summary>
    public void Check(EmbeddingGenerationOptions? asked, IEmbeddingGenerator generator)
    {
        ObjectDisposedException.ThrowIf(_disposed, generator);
        if (asked?.Dimensions is { } dimensions && dimensions != Model.EmbeddingSize)
        {
            throw new ArgumentException(
                $"The request asks for {dimensions} dimensions, but '{Model.Card.Name}' makes embeddings of {Model.EmbeddingSize}, "
                + $"which can't be shortened. Leave Dimensions out, or use a model trained with {dimensions}.",
                nameof(asked));
        }
        if (asked?.ModelId is { } id && !string.Equals(id, Model.Card.Name, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The request asks for the model '{id}', but this generator has '{Model.Card.Name}'. "
                + "Embeddings of different models can't be compared. Leave ModelId out, "
                + "or also register the other model (AddKeyedSwan) and use its generator.",
                nameof(asked));
        }
    }

    /// <summary>Does the work on another thread when its turn has come.</summary>
    /// <param name="rows">Rows of the request.</param>
    /// <param name="work">Gives <c>[i * D + d]</c>.</param>
    /// <param name="cancellation">Ends the wait at once.</param>
    public async Task<T> RunAsync<T>(int rows, Func<T> work, CancellationToken cancellation)
    {
        using Permit turn = _turns.Hold();
        _waiting.Enter(rows);
        try
        {
            await turn.EnterAsync(1, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _waiting.Leave(rows);
        }
        return await Task.Run(work, cancellation).ConfigureAwait(false);
    }

    /// <summary>Each embedding gets memory of its own, so keeping one doesn't keep its whole batch.</summary>
    public GeneratedEmbeddings<Embedding<float>> Answer(float[] embeddings)
    {
        int size = Model.EmbeddingSize;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        var answer = new GeneratedEmbeddings<Embedding<float>>(embeddings.Length / size);
        for (int start = 0; start < embeddings.Length; start += size)
            answer.Add(new Embedding<float>(embeddings.AsSpan(start, size).ToArray()) { ModelId = Model.Card.Name, CreatedAt = now });
        return answer;
    }

    public object? Service(Type serviceType, object? serviceKey, IEmbeddingGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType.IsInstanceOfType(generator)) return generator;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return _metadata;
        if (serviceType == typeof(SwanModel)) return Model;
        return serviceType == typeof(ModelCard) ? Model.Card : null;
    }

    public void Dispose()
    {
        if (_disposed || Options.Shared) return;
        _disposed = true;
        if (Options.OwnsModel) Model.Dispose();
    }
}
