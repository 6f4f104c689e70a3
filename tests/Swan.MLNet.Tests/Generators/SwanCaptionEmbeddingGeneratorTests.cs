using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Swan.MLNet.Generators;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Generators;

public sealed class SwanCaptionEmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public SwanCaptionEmbeddingGeneratorTests() => _model = SwanModel.Open(TinyModel.Write(_folder.FullName));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task Vectors_are_the_models_own_bit_for_bit_and_in_order(int batchSize)
    {
        string[] captions = [.. TinyModel.Sentences, "river", "green", "a zzzunseen bridge", TinyModel.Sentences[0]];
        float[] expected = _model.EmbedCaptions(captions, batchSize);
        using var generator = new SwanCaptionEmbeddingGenerator(_model, new SwanGeneratorOptions { BatchSize = batchSize });
        GeneratedEmbeddings<Embedding<float>> answer = await generator.GenerateAsync(captions);
        Assert.Equal(expected, answer.SelectMany(e => e.Vector.ToArray()));
        TinyModel.Same(TinyModel.CaptionEmbedding("river"), answer[4].Vector.Span);
    }

    [Fact]
    public async Task A_request_is_batched_as_the_options_say()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model, new SwanGeneratorOptions { BatchSize = 4 });
        await generator.GenerateAsync(TinyModel.DifferentCaptions(10));
        Assert.Equal((3, 10), (_model.CaptionEncoder.Session.Runs, _model.CaptionEncoder.Session.Rows));
    }

    [Fact]
    public async Task Usage_counts_the_tokens_that_the_encoder_saw()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        // 3 words, one word, and 15 words of which 12 are kept.
        GeneratedEmbeddings<Embedding<float>> answer =
            await generator.GenerateAsync(["green river bridge", "river", string.Join(' ', Enumerable.Repeat("river", 15))]);
        Assert.Equal((16, 16), (answer.Usage?.InputTokenCount, answer.Usage?.TotalTokenCount));
    }

    [Fact]
    public async Task A_caption_that_was_cut_says_so_and_is_logged()
    {
        using var log = new RecordedLog();
        using var generator = new SwanCaptionEmbeddingGenerator(_model, logger: log.For<SwanCaptionEmbeddingGenerator>());
        GeneratedEmbeddings<Embedding<float>> answer =
            await generator.GenerateAsync(["river", string.Join(' ', Enumerable.Repeat("river", 13))]);
        Assert.Null(answer[0].AdditionalProperties);
        Assert.Equal(true, answer[1].AdditionalProperties?[SwanCaptionEmbeddingGenerator.TruncatedProperty]);
        LogEntry entry = Assert.Single(log.Entries);
        Assert.Equal((LogLevel.Warning, "Texts longer than 12 tokens: 1 of 2. The rest of each was ignored."),
            (entry.Level, entry.Message));
    }

    [Fact]
    public async Task Embeddings_say_which_model_made_them_and_when()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        Embedding<float> embedding = await generator.GenerateAsync("river");
        Assert.Equal("tiny", embedding.ModelId);
        Assert.InRange(embedding.CreatedAt!.Value, before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Each_embedding_has_memory_of_its_own()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        GeneratedEmbeddings<Embedding<float>> answer = await generator.GenerateAsync(["river", "bridge"]);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(answer[1].Vector, out ArraySegment<float> segment));
        Assert.Equal(TinyModel.EmbeddingSize, segment.Array!.Length);
    }

    [Fact]
    public void Its_services_are_the_metadata_the_model_and_itself()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = new SwanCaptionEmbeddingGenerator(_model);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("swan", "tiny", 6), (metadata?.ProviderName, metadata?.DefaultModelId, metadata?.DefaultModelDimensions));
        Assert.Same(_model, generator.GetService<SwanModel>());
        Assert.Same(_model.Card, generator.GetService<ModelCard>());
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Null(generator.GetService<IEmbeddingGenerator<DataContent, Embedding<float>>>());
        Assert.Null(generator.GetService(typeof(SwanModel), "a key"));
    }

    [Fact]
    public async Task What_the_model_does_not_have_is_refused_and_what_it_has_is_not()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        ArgumentException size = await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync(["river"], new EmbeddingGenerationOptions { Dimensions = 5 }));
        Assert.Contains("asks for 5 dimensions, but 'tiny' makes embeddings of 6", size.Message, StringComparison.Ordinal);
        ArgumentException id = await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync(["river"], new EmbeddingGenerationOptions { ModelId = "other" }));
        Assert.Contains("'other'", id.Message, StringComparison.Ordinal);
        Assert.Equal(0, _model.CaptionEncoder.Session.Runs);
        Assert.Single(await generator.GenerateAsync(["river"], new EmbeddingGenerationOptions { Dimensions = 6, ModelId = "tiny" }));
    }

    [Fact]
    public async Task A_missing_caption_is_named()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["river", null!, "bridge"]));
        Assert.Contains("Caption 1 of 3 is null", e.Message, StringComparison.Ordinal);
        Assert.Equal("values", e.ParamName);
    }

    [Fact]
    public async Task Nothing_in_gives_nothing_out()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model);
        GeneratedEmbeddings<Embedding<float>> answer = await generator.GenerateAsync([]);
        Assert.Empty(answer);
        Assert.Equal(0, answer.Usage?.InputTokenCount);
    }

    [Fact]
    public async Task A_canceled_request_ends_and_the_next_one_is_served()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model, new SwanGeneratorOptions { Concurrency = 1 });
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => generator.GenerateAsync(["river"], cancellationToken: canceled.Token));
        Assert.Equal(0, _model.CaptionEncoder.Session.Runs);
        Assert.Single(await generator.GenerateAsync(["river"]));
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_answers()
    {
        using var generator = new SwanCaptionEmbeddingGenerator(_model, new SwanGeneratorOptions { Concurrency = 2, BatchSize = 1 });
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            string caption = TinyModel.Sentences[i % 4];
            ReadOnlyMemory<float> found = await generator.GenerateVectorAsync(caption, cancellationToken: cancellation);
            TinyModel.Same(TinyModel.CaptionEmbedding(caption), found.Span);
        });
    }

    [Fact]
    public async Task Disposing_a_generator_closes_only_a_model_that_it_owns()
    {
        var borrowing = new SwanCaptionEmbeddingGenerator(_model);
        borrowing.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => borrowing.GenerateAsync(["river"]));
        Assert.NotEmpty(_model.EmbedCaption("river"));

        SwanModel own = SwanModel.Open(_folder.File("tiny.swan"));
        new SwanCaptionEmbeddingGenerator(own, new SwanGeneratorOptions { OwnsModel = true }).Dispose();
        Assert.Throws<ObjectDisposedException>(() => own.EmbedCaption("river"));
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var options = new SwanGeneratorOptions { BatchSize = 0, Concurrency = 0 };
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => new SwanCaptionEmbeddingGenerator(_model, options)).Message;
        Assert.All(["BatchSize is 0", "Concurrency is 0"], fault => Assert.Contains(fault, message, StringComparison.Ordinal));
    }
}
