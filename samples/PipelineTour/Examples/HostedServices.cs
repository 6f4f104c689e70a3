using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Swan.MLNet.Hosting;

namespace PipelineTour.Examples;

/// <summary>
/// In a service: the model and its generators from <c>AddSwan</c>, and a pool that predicts with a saved pipeline from any thread and
/// follows its file.
/// </summary>
internal static class HostedServices
{
    public static async Task Run(ExampleContext context)
    {
        string file = context.FileIn("captions.zip");
        IDataView none = context.ML.Data.LoadFromEnumerable(Array.Empty<Query>());
        context.ML.Model.Save(context.ML.Transforms.SwanCaptionEmbedding("Embedding", "Text", context.Model).Fit(none), none.Schema, file);

        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSwan(options =>
        {
            options.ModelPath = context.ModelFile;
            options.WarmUp = true; // a model that can't be used stops the start, not the first request
        });
        builder.Services.AddSwanPredictionEnginePool<Query, Embedded>(options => options.PipelinePath = file);
        using IHost host = builder.Build();
        await host.StartAsync();

        string text = context.Images[0].Captions[0];
        var generator = host.Services
            .GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(SwanBuilder.CaptionGeneratorKey);
        ReadOnlyMemory<float> generated = await generator.GenerateVectorAsync(text);
        var pool = host.Services.GetRequiredService<SwanPredictionEnginePool<Query, Embedded>>();
        float[] predicted = pool.Predict(new Query { Text = text }).Embedding;
        context.Print($"generator: {generated.Span[0]:F4} …; pool, version {pool.Version}: {predicted[0]:F4} …");
        await host.StopAsync();
    }

    internal sealed class Query
    {
        public string Text { get; set; } = "";
    }

    internal sealed class Embedded
    {
        public float[] Embedding { get; set; } = [];
    }
}

// It printed:
//  generator: 0.0481 …; pool, version 1: 0.0481 …
