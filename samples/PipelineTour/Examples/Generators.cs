using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Swan.MLNet.Generators;

namespace PipelineTour.Examples;

/// <summary>Embedding generators, for vector stores and whatever else takes one.</summary>
internal static class Generators
{
    public static async Task Run(ExampleContext context)
    {
        using IEmbeddingGenerator<string, Embedding<float>> captions = new SwanCaptionEmbeddingGenerator(context.Model);
        using IEmbeddingGenerator<DataContent, Embedding<float>> images = new SwanImageEmbeddingGenerator(context.Model);

        GeneratedEmbeddings<Embedding<float>> texts =
            await captions.GenerateAsync([context.Images[0].Captions[0], context.Images[^1].Captions[0]]);
        Embedding<float> image = await images.GenerateAsync(await DataContent.LoadFromAsync(context.Images[0].ImagePath));
        EmbeddingGeneratorMetadata about = captions.GetRequiredService<EmbeddingGeneratorMetadata>();
        context.Print(
            $"{about.DefaultModelId}, {about.DefaultModelDimensions} values; {texts.Usage?.InputTokenCount} tokens of two captions");
        IEnumerable<string> cosines = texts.Select(text => $"{TensorPrimitives.Dot(text.Vector.Span, image.Vector.Span):F2}");
        context.Print($"cosines of the image to its caption and to another's: {string.Join(" and ", cosines)}");
    }
}

// It printed:
//  swan-compact-canonical, 128 values; 21 tokens of two captions
//  cosines of the image to its caption and to another's: 0.56 and -0.15
