#:project ../../Swan.MLNet/Swan.MLNet.csproj
#:property PublishAot=false
#:property SwanNatives=onnx
#:property UseCurrentRuntimeIdentifier=true
#:property SelfContained=false

// Gives each training image further sentences that finished models find to fit it (see Usage).

using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Models;

const string Usage = """
    dotnet run build/recipe/fitting-sentences.cs -- --data DIR --out DIR [--sentences FILE] [--take N] [--temperature T] MODEL.swan …

      --data DIR         what prepare-data.cs made: train.jsonl, val.jsonl and images/
      --out DIR          receives the same with N captions more for each training image; must not exist
      --sentences FILE   sentences about other images, one a line; without it only the training captions are chosen from
      --take N           sentences an image (default 2)
      --temperature T    of the softmax over the images (default 0.05)
      MODEL.swan         models of the same data; their cosines are averaged

    A sentence's score for an image is the logarithm of a softmax over the images: a sentence that fits everything fits nothing well.
    """;

try
{
    Choose(Arguments.Parse(args));
    return 0;
}
catch (SwanOptionsException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{Usage}");
    return 2;
}
catch (SwanException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Choose(Arguments asked)
{
    string folder = Path.Combine(asked.Data, "images");
    IReadOnlyList<CaptionedImage> train = JsonLinesReader.Read(Path.Combine(asked.Data, "train.jsonl"), folder).Images;
    IEnumerable<string> others = asked.Sentences is null ? [] : File.ReadLines(asked.Sentences).Where(l => !string.IsNullOrWhiteSpace(l));
    string[] sentences = [.. train.SelectMany(i => i.Captions).Concat(others).DistinctBy(FittingSentences.Words)];
    Console.WriteLine($"{train.Count} images, {sentences.Length} different sentences");

    var fits = new FittingSentences([.. train.Select(i => i.Captions)], sentences, asked.Take);
    List<(float[] Images, float[] Sentences, int Size)> embedded = [];
    foreach (string path in asked.Models)
    {
        using SwanModel model = SwanModel.Open(path);
        embedded.Add((model.EmbedImages([.. train.Select(i => i.ImagePath)]), model.EmbedCaptions(sentences), model.EmbeddingSize));
        Console.WriteLine($"embedded by {path}");
    }

    Parallel.For(0, sentences.Length, s =>
    {
        var logits = new float[train.Count];
        foreach ((float[] images, float[] captions, int size) in embedded)
        {
            ReadOnlySpan<float> caption = captions.AsSpan(s * size, size);
            for (int i = 0; i < logits.Length; i++) logits[i] += TensorPrimitives.Dot(images.AsSpan(i * size, size), caption);
        }

        TensorPrimitives.Divide(logits, embedded.Count * asked.Temperature, logits);
        fits.Offer(s, logits);
    });

    Directory.CreateDirectory(asked.Out);
    Directory.CreateSymbolicLink(Path.Combine(asked.Out, "images"), Path.GetFullPath(folder));
    File.Copy(Path.Combine(asked.Data, "val.jsonl"), Path.Combine(asked.Out, "val.jsonl"));
    var format = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    File.WriteAllLines(Path.Combine(asked.Out, "train.jsonl"), train.Select((image, i) => JsonSerializer.Serialize(
        new { image = image.FileName, scene = image.Scene, captions = (string[])[.. image.Captions, .. fits.Of(i)] }, format)));
    Console.WriteLine($"{asked.Take} sentences more an image, for example:");
    foreach (int i in Enumerable.Range(0, 5).Select(n => n * (train.Count / 5)))
        Console.WriteLine($"  {train[i].FileName}, \"{train[i].Captions[0]}\"\n    {string.Join("\n    ", fits.Of(i))}");
}

/// <summary>The best sentences of each image so far.</summary>
internal sealed class FittingSentences(IReadOnlyList<IReadOnlyList<string>> captions, string[] sentences, int take)
{
    private readonly HashSet<string>[] _own = [.. captions.Select(c => c.Select(Words).ToHashSet())];
    private readonly string[] _words = Array.ConvertAll(sentences, Words);
    private readonly float[] _worst = [.. captions.Select(_ => float.NegativeInfinity)];
    private readonly PriorityQueue<int, (float Score, int Sentence)>[] _best =
        [.. captions.Select(_ => new PriorityQueue<int, (float, int)>())];

    /// <summary>Keeps a sentence where it's among an image's best; safe for concurrent calls, and their order doesn't matter.</summary>
    /// <param name="sentence">Its number.</param>
    /// <param name="logits">One for each image; overwritten.</param>
    public void Offer(int sentence, float[] logits)
    {
        float most = TensorPrimitives.Max<float>(logits);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - most);
        TensorPrimitives.Subtract(logits, most + (float)Math.Log(sum), logits);
        for (int i = 0; i < logits.Length; i++)
        {
            // Most are worse than the worst of an image's best, which only gets better.
            if (logits[i] < Volatile.Read(ref _worst[i]) || _own[i].Contains(_words[sentence])) continue;
            PriorityQueue<int, (float, int)> best = _best[i];
            lock (best)
            {
                // Of two equal scores the earlier sentence stays, so that the order of the calls doesn't matter.
                if (best.Count < take) best.Enqueue(sentence, (logits[i], -sentence));
                else best.EnqueueDequeue(sentence, (logits[i], -sentence));
                if (best.Count == take && best.TryPeek(out _, out (float Score, int) worst)) Volatile.Write(ref _worst[i], worst.Score);
            }
        }
    }

    /// <summary>The same for sentences that differ in case and punctuation only.</summary>
    public static string Words(string sentence) =>
        string.Join(' ', sentence.ToLowerInvariant().Split([' ', '.', ','], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An image's sentences, the best first.</summary>
    public IEnumerable<string> Of(int image) =>
        _best[image].UnorderedItems.OrderByDescending(b => b.Priority).Select(b => sentences[b.Element]);
}

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(string Data, string Out, string? Sentences, int Take, float Temperature, IReadOnlyList<string> Models)
{
    /// <exception cref="SwanOptionsException">Something is missing or unknown.</exception>
    public static Arguments Parse(string[] args)
    {
        string? data = null, target = null;
        var models = new List<string>();
        var asked = new Arguments("", "", null, 2, 0.05f, models);
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--data": data = Value(); break;
                case "--out": target = Value(); break;
                case "--sentences": asked = asked with { Sentences = Value() }; break;
                case "--take" when int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int take) && take > 0:
                    asked = asked with { Take = take };
                    break;
                case "--temperature"
                    when float.TryParse(Value(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float t) && t > 0:
                    asked = asked with { Temperature = t };
                    break;
                default:
                    if (args[i].StartsWith('-')) throw new SwanOptionsException($"'{args[i]}' can't be used here.");
                    models.Add(args[i]);
                    break;
            }

            string Value() => ++i < args.Length ? args[i] : throw new SwanOptionsException($"{args[i - 1]} needs a value.");
        }

        if (data is null || target is null) throw new SwanOptionsException("--data and --out are needed.");
        if (models.Count == 0) throw new SwanOptionsException("At least one model is needed.");
        if (Directory.Exists(target)) throw new SwanOptionsException($"'{target}' already exists.");
        return asked with { Data = data, Out = target };
    }
}
