using System.Numerics.Tensors;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Encoders;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Turns classes into embeddings: the average of the text tower's output for the class in every template.</summary>
internal static class ZeroShotClasses
{
    // Prompts are short, so a batch of them is small.
    private const int BatchSize = 64;
    private const int MaxNamed = 5;

    // Effects of float32 and batch size on an embedding are far smaller, and those of two different words far larger.
    private const float SameEmbedding = 1e-5f;

    /// <summary>Embeds the classes.</summary>
    /// <returns>One row per class, in order; its key is the class.</returns>
    /// <exception cref="SwanTextException">
    /// The model knows no word of a class, or can't tell two of them apart, or a template gives all classes the same tokens.
    /// </exception>
    public static SwanIndex Embed(CaptionEncoder encoder, ModelCard card, SwanZeroShotOptions options, IHost host)
    {
        int templates = options.PromptTemplates.Count, size = encoder.EmbeddingSize;
        ThrowIfWordless(encoder.Tokenizer, options.Classes, card.Name);
        TokenizedCaption[] prompts = Tokenize(encoder.Tokenizer, options);
        ThrowIfSame(options.Classes, SameTokens(prompts, options.Classes.Count, templates), card.Name);
        ThrowIfTemplatesHideClasses(prompts, options.PromptTemplates, encoder.Tokenizer.MaxLength, card.Name);
        int cut = prompts.Count(p => p.Truncated);
        if (cut > 0) MlNetEnvironment.Warning(host, "Classes", CaptionText.DescribeCut(cut, prompts.Length, encoder.Tokenizer.MaxLength));

        float[] sums = new float[checked(options.Classes.Count * size)];
        encoder.EncodeAll(
            prompts, BatchSize,
            (prompt, embedding) =>
            {
                Span<float> sum = sums.AsSpan(prompt / templates * size, size);
                TensorPrimitives.Add(sum, embedding, sum);
            },
            options.Progress is { } progress ? new PerClass(progress, templates) : null, options.CancellationToken);
        SwanIndex index = SwanIndex.Build(sums, size, options.Classes, card.Identity);
        if (index.SkippedRows > 0)
        {
            throw new ArgumentException(
                $"The prompts of {index.SkippedRows} classes cancel each other out, so these classes have no embedding. "
                + $"Use other {nameof(options.PromptTemplates)}.",
                nameof(options));
        }
        ThrowIfSame(options.Classes, SameEmbeddings(index, options.CancellationToken), card.Name);
        return index;
    }

    // Prompt p belongs to class p / templates.
    private static TokenizedCaption[] Tokenize(ICaptionTokenizer tokenizer, SwanZeroShotOptions options) =>
        [.. from name in options.Classes
            from template in options.PromptTemplates
            select Tokenize(tokenizer, template.Replace(SwanZeroShotOptions.Placeholder, name.Trim(), StringComparison.Ordinal), options)];

    private static TokenizedCaption Tokenize(ICaptionTokenizer tokenizer, string prompt, SwanZeroShotOptions options)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        return tokenizer.Tokenize(prompt);
    }

    // Of the class alone: the words of a template say nothing about it.
    private static void ThrowIfWordless(ICaptionTokenizer tokenizer, IReadOnlyList<string> classes, string model)
    {
        var wordless = new WordlessTexts();
        for (int i = 0; i < classes.Count; i++) wordless.Check(i, classes[i], tokenizer.Tokenize(classes[i]), tokenizer.MaxLength);
        wordless.ThrowIfAny(classes.Count, model);
    }

    // Another template may separate the classes, but this one pulls them all toward each other.
    private static void ThrowIfTemplatesHideClasses(
        TokenizedCaption[] prompts, IReadOnlyList<string> templates, int longest, string model)
    {
        int[] hiding = [.. Enumerable.Range(0, templates.Count).Where(t => Enumerable.Range(1, (prompts.Length / templates.Count) - 1)
            .All(c => prompts[(c * templates.Count) + t].Ids.AsSpan().SequenceEqual(prompts[t].Ids)))];
        if (hiding.Length == 0) return;
        string named = string.Join(", ", hiding.Take(MaxNamed).Select(t => $"template {t} ({SwanTextException.Quote(templates[t])})"));
        string more = hiding.Length > MaxNamed ? $" and {hiding.Length - MaxNamed} more" : "";
        throw new SwanTextException(
            $"{hiding.Length} of {templates.Count} templates, {named}{more}, {(hiding.Length == 1 ? "gives" : "give")} every class the "
            + $"same tokens, which say nothing about an image. The model '{model}' takes {longest} tokens, and the classes differ only "
            + $"after them. Shorten the text before {SwanZeroShotOptions.Placeholder}, or leave such templates out.");
    }

    private static IEnumerable<(int First, int Second)> SameTokens(TokenizedCaption[] prompts, int classes, int templates)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int c = 0; c < classes; c++)
        {
            string tokens = string.Join(';', prompts.Skip(c * templates).Take(templates).Select(p => string.Join(',', p.Ids)));
            if (!seen.TryAdd(tokens, c)) yield return (seen[tokens], c);
        }
    }

    private static IEnumerable<(int First, int Second)> SameEmbeddings(SwanIndex index, CancellationToken cancellation)
    {
        int size = index.EmbeddingSize;
        float[] classes = new float[index.Count * size];
        for (int c = 0; c < index.Count; c++) index.Gallery.Row(c).CopyTo(classes.AsSpan(c * size));
        // A class finds itself and its nearest one.
        SwanHit[][] nearest = index.SearchMany(classes, 2, cancellation);
        for (int c = 0; c < nearest.Length; c++)
        {
            foreach (SwanHit hit in nearest[c].Where(h => h.Row < c))
            {
                if (TensorPrimitives.Distance<float>(index.Gallery.Row(hit.Row), index.Gallery.Row(c)) < SameEmbedding)
                    yield return (hit.Row, c);
            }
        }
    }

    private static void ThrowIfSame(IReadOnlyList<string> classes, IEnumerable<(int First, int Second)> same, string model)
    {
        (int First, int Second)[] pairs = [.. same];
        if (pairs.Length == 0) return;
        string named = string.Join("; ", pairs.Take(MaxNamed).Select(p => Pair(classes[p.First], classes[p.Second])));
        string more = pairs.Length > MaxNamed ? $"; and {pairs.Length - MaxNamed} more pairs" : "";
        throw new SwanTextException(
            $"The model '{model}' can't tell these classes apart: {named}{more}. Either it doesn't know the words in which they differ, or "
            + "they differ after its longest text, so both would always get the same score. Give each class once, in distinct words.",
            pairs[0].Second);
    }

    private static string Pair(string first, string second) => $"{SwanTextException.Quote(first)} and {SwanTextException.Quote(second)}";

    private sealed class PerClass(IProgress<int> classes, int templates) : IProgress<int>
    {
        public void Report(int prompts) => classes.Report(prompts / templates);
    }
}
