using System.Numerics.Tensors;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Turns classes into embeddings: the average of what the text tower makes of the class in every template.</summary>
internal static class ZeroShotClasses
{
    // Prompts are short, so that a batch of them is small.
    private const int BatchSize = 64;

    /// <summary>Embeds the classes.</summary>
    /// <returns>One row per class, in order; its key is the class.</returns>
    public static SwanIndex Embed(CaptionEncoder encoder, ModelIdentity? model, SwanZeroShotOptions options, IHost host)
    {
        TokenizedCaption[][] prompts = [.. options.Classes.Select(c => Prompts(encoder.Tokenizer, c, options.PromptTemplates))];
        Warn(prompts, encoder.Tokenizer, options.Classes, host);
        int size = encoder.EmbeddingSize;
        float[] classes = new float[checked(prompts.Length * size)], embeddings = new float[BatchSize * size];
        // Prompt p belongs to class p / templates.
        TokenizedCaption[] all = [.. prompts.SelectMany(p => p)];
        for (int start = 0; start < all.Length; start += BatchSize)
        {
            TokenizedCaption[] batch = all[start..Math.Min(start + BatchSize, all.Length)];
            encoder.Encode(batch, embeddings);
            for (int i = 0; i < batch.Length; i++)
            {
                Span<float> sum = classes.AsSpan((start + i) / options.PromptTemplates.Count * size, size);
                TensorPrimitives.Add(sum, embeddings.AsSpan(i * size, size), sum);
            }
        }
        SwanIndex index = SwanIndex.Build(classes, size, options.Classes, model);
        return index.SkippedRows == 0
            ? index
            : throw new ArgumentException(
                $"The prompts of {index.SkippedRows} classes cancel each other out, so that these classes have no embedding. "
                + $"Give other {nameof(options.PromptTemplates)}.",
                nameof(options));
    }

    private static TokenizedCaption[] Prompts(ICaptionTokenizer tokenizer, string name, IEnumerable<string> templates) =>
        [.. templates.Select(t => tokenizer.Tokenize(t.Replace(SwanZeroShotOptions.Placeholder, name.Trim(), StringComparison.Ordinal)))];

    private static void Warn(TokenizedCaption[][] prompts, ICaptionTokenizer tokenizer, IReadOnlyList<string> classes, IHost host)
    {
        // Words that a vocabulary lacks are all the same to the model.
        foreach (var same in prompts.Select((p, i) => (Tokens: string.Join(';', p.Select(t => string.Join(',', t.Ids))), Name: classes[i]))
            .GroupBy(p => p.Tokens, p => p.Name)
            .Where(g => g.Count() > 1))
        {
            MlNetEnvironment.Warning(host, "Classes",
                $"The classes {string.Join(", ", same.Select(c => $"'{c}'"))} are the same to the model, because its vocabulary doesn't "
                + "have the words that tell them apart; the first one wins. Use words that its training captions use.");
        }
        int cut = prompts.Sum(p => p.Count(t => t.Truncated));
        if (cut > 0)
        {
            MlNetEnvironment.Warning(host, "Classes",
                $"{cut} prompts had more than the model's {tokenizer.MaxLength} tokens and were cut.");
        }
    }
}
