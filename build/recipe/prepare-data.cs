#:project ../../Swan.MLNet/Swan.MLNet.csproj
#:property PublishAot=false

// Makes the folder that a recipe trains on out of the data sets' files (see Usage). Images are links, so the data stay where they are.

using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;

const string Usage = """
    dotnet run build/recipe/prepare-data.cs -- --data DIR --out DIR [--extra] [--more] [--textrs] [--descriptions D] [--paraphrases]
        [--similar COSINE] [--final]

      --data DIR         the data sets: rsicd/ with train.jsonl, dev.jsonl, extra.jsonl, paraphrases.jsonl and images/;
                         more/ with ucm.jsonl, nwpu.jsonl, textrs.jsonl and images/
      --out DIR          receives train.jsonl, val.jsonl (= dev.jsonl) and images/; must not exist
      --extra            learn from extra.jsonl, too
      --more             learn from ucm.jsonl and nwpu.jsonl, too
      --textrs           add the captions of textrs.jsonl to those images of --more that have some
      --descriptions D   add the captions of a folder's rsicd.jsonl, and of its more.jsonl to the images of --more; such a folder is
                         build/recipe/descriptions
      --paraphrases      put those of paraphrases.jsonl in the place of captions that an image of rsicd/ has more than once; as many
                         captions an image as before
      --similar COSINE   leave out training images that resemble a validation image this much (default 0.6; 0 to 1), see Thumbnail
      --final            for a model that learns from val.jsonl, too (trainOnValidation), and is measured by a twin: --paraphrases and
                         --descriptions (dev.jsonl of that folder) are for its images, too, and no image is left out
    """;

try
{
    Prepare(Arguments.Parse(args));
    return 0;
}
catch (SwanOptionsException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{Usage}");
    return 2;
}
catch (Exception e) when (Refusal(e) is not null)
{
    Console.Error.WriteLine(Refusal(e)!.Message);
    return 1;
}

// What files can't be read or written, not what is wrong here; queries that run in parallel wrap it.
static Exception? Refusal(Exception e) => e switch
{
    SwanException or IOException or UnauthorizedAccessException => e,
    AggregateException { InnerException: { } first } => Refusal(first),
    _ => null,
};

static void Prepare(Arguments asked)
{
    string rsicd = Path.Combine(asked.Data, "rsicd"), more = Path.Combine(asked.Data, "more");
    string rsicdImages = Path.Combine(rsicd, "images"), moreImages = Path.Combine(more, "images");

    List<CaptionedImage> train = [.. JsonLinesReader.Read(Path.Combine(rsicd, "train.jsonl"), rsicdImages).Images];
    List<CaptionedImage> dev = [.. JsonLinesReader.Read(Path.Combine(rsicd, "dev.jsonl"), rsicdImages).Images];
    if (asked.Extra) train.AddRange(JsonLinesReader.Read(Path.Combine(rsicd, "extra.jsonl"), rsicdImages).Images);
    if (asked.Paraphrases)
    {
        ILookup<string, string> paraphrases = CaptionsOf((Path.Combine(rsicd, "paraphrases.jsonl"), rsicdImages));
        int before = Repeating(train);
        train = [.. train.Select(i => i with { Captions = WithoutRepeats(i.Captions, paraphrases[i.FileName]) })];
        Console.WriteLine(
            $"paraphrases: {before} of {train.Count} images had one caption several times and no other, {Repeating(train)} still have");
        if (asked.Final) dev = [.. dev.Select(i => i with { Captions = WithoutRepeats(i.Captions, paraphrases[i.FileName]) })];
    }

    if (asked.More)
    {
        foreach (string file in (string[])["ucm.jsonl", "nwpu.jsonl"])
            train.AddRange(JsonLinesReader.Read(Path.Combine(more, file), moreImages).Images);
    }

    if (asked.Descriptions is not null)
    {
        List<(string File, string Images)> sets = [(Path.Combine(asked.Descriptions, "rsicd.jsonl"), rsicdImages)];
        if (asked.More) sets.Add((Path.Combine(asked.Descriptions, "more.jsonl"), moreImages));
        if (asked.Final) sets.Add((Path.Combine(asked.Descriptions, "dev.jsonl"), rsicdImages));
        ILookup<string, string> descriptions = CaptionsOf([.. sets]);
        train = Described(train, descriptions);
        if (asked.Final) dev = Described(dev, descriptions);
    }

    if (asked.TextRs)
    {
        ILookup<string, string> others = CaptionsOf((Path.Combine(more, "textrs.jsonl"), moreImages));
        Console.WriteLine($"textrs: {train.Count(i => others.Contains(i.FileName))} images have captions of other people, too");
        train = [.. train.Select(i => i with { Captions = [.. i.Captions, .. others[i.FileName]] })];
    }

    if (!asked.Final)
    {
        HashSet<string> leftOut = Resembling(train, dev, asked.Similar);
        train.RemoveAll(i => leftOut.Contains(i.FileName));
    }

    Directory.CreateDirectory(Path.Combine(asked.Out, "images"));
    Write(Path.Combine(asked.Out, "train.jsonl"), train);
    Write(Path.Combine(asked.Out, "val.jsonl"), dev);
    foreach (CaptionedImage image in train.Concat(dev))
        File.CreateSymbolicLink(Path.Combine(asked.Out, "images", image.FileName), Path.GetFullPath(image.ImagePath));
    int different = train.Sum(i => i.Captions.Distinct().Count());
    Console.WriteLine($"{train.Count} training images with {different} different captions, {dev.Count} validation images");
}

static List<CaptionedImage> Described(List<CaptionedImage> images, ILookup<string, string> descriptions)
{
    Console.WriteLine($"descriptions: {images.Count(i => descriptions.Contains(i.FileName))} of {images.Count} images have some");
    return [.. images.Select(i => i with { Captions = [.. i.Captions, .. descriptions[i.FileName]] })];
}

static ILookup<string, string> CaptionsOf(params (string File, string Images)[] sets) =>
    sets.SelectMany(set => JsonLinesReader.Read(set.File, set.Images).Images)
        .SelectMany(i => i.Captions.Select(c => (i.FileName, Caption: c))).ToLookup(p => p.FileName, p => p.Caption);

static int Repeating(IEnumerable<CaptionedImage> images) => images.Count(i => i.Captions.Count > 1 && i.Captions.Distinct().Count() == 1);

// The different captions come first, then paraphrases, then, where those don't suffice, repeats.
static IReadOnlyList<string> WithoutRepeats(IReadOnlyList<string> captions, IEnumerable<string> paraphrases)
{
    string[] different = [.. captions.Distinct()];
    string[] all = [.. different, .. paraphrases.Except(different)];
    return [.. Enumerable.Range(0, captions.Count).Select(i => all[i % all.Length])];
}

// Names of the training images that look like a validation image, each told with the one that it resembles most.
static HashSet<string> Resembling(IReadOnlyList<CaptionedImage> train, IReadOnlyList<CaptionedImage> validation, float similar)
{
    float[][] theirs = [.. validation.AsParallel().AsOrdered().Select(i => Thumbnail.Of(i.ImagePath))];
    (int Index, float Cosine)[] nearest = [.. train.AsParallel().AsOrdered().Select(image =>
    {
        (int Index, float Cosine) best = (-1, -1);
        foreach (float[] turned in Thumbnail.Turns(Thumbnail.Of(image.ImagePath)))
        {
            for (int i = 0; i < theirs.Length; i++)
            {
                float cosine = TensorPrimitives.Dot<float>(turned, theirs[i]);
                if (cosine > best.Cosine) best = (i, cosine);
            }
        }

        return best;
    })];

    var found = new HashSet<string>();
    foreach (int i in Enumerable.Range(0, train.Count).Where(i => nearest[i].Cosine >= similar).OrderByDescending(i => nearest[i].Cosine))
    {
        found.Add(train[i].FileName);
        string like = validation[nearest[i].Index].FileName;
        Console.WriteLine($"  {nearest[i].Cosine:F3}  {train[i].FileName} is left out: it looks like {like}");
    }

    string nearly = string.Join(", ", ((float[])[0.4f, 0.5f, 0.6f, 0.7f]).Select(c => $"{nearest.Count(n => n.Cosine >= c)} at {c:F2}"));
    Console.WriteLine(
        $"{found.Count} of {train.Count} training images resemble one of {validation.Count} validation images at {similar:F2} or more");
    Console.WriteLine($"  by other thresholds: {nearly}");
    return found;
}

static void Write(string path, IEnumerable<CaptionedImage> images)
{
    var format = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    File.WriteAllLines(
        path,
        images.Select(i => JsonSerializer.Serialize(new { image = i.FileName, scene = i.Scene, captions = i.Captions }, format)));
}

/// <summary>A perceptual hash: the details of 32×32 gray values, scaled to length 1.</summary>
/// <remarks>
/// The dot product of two says how well they fit. Details are what is left without the mean of a pixel's surroundings. With it, all
/// beaches would be alike: half light, half dark.
/// </remarks>
internal static class Thumbnail
{
    private const int Side = 32, Reach = 2;

    public static float[] Of(string path)
    {
        RgbImage small = BilinearResampler.Resize(ImageDecoder.Decode(path), Side, Side);
        var gray = new float[Side * Side];
        for (int i = 0; i < gray.Length; i++)
            gray[i] = 0.299f * small.Pixels[3 * i] + 0.587f * small.Pixels[3 * i + 1] + 0.114f * small.Pixels[3 * i + 2];
        float[] details = Details(gray);
        // A plain image, such as of open water, has none.
        float norm = TensorPrimitives.Norm<float>(details);
        if (norm > 0) TensorPrimitives.Divide(details, norm, details);
        return details;
    }

    private static float[] Details(float[] gray)
    {
        var details = new float[gray.Length];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int left = Math.Max(0, x - Reach), right = Math.Min(Side - 1, x + Reach), width = right - left + 1;
                int top = Math.Max(0, y - Reach), bottom = Math.Min(Side - 1, y + Reach);
                float sum = 0;
                for (int row = top; row <= bottom; row++) sum += TensorPrimitives.Sum<float>(gray.AsSpan(row * Side + left, width));
                details[y * Side + x] = gray[y * Side + x] - sum / (width * (bottom - top + 1));
            }
        }

        return details;
    }

    /// <summary>The eight flips and quarter turns: overhead images have no direction that is up.</summary>
    public static IEnumerable<float[]> Turns(float[] gray)
    {
        for (int turn = 0; turn < 8; turn++)
        {
            var turned = new float[gray.Length];
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                {
                    int column = (turn & 1) == 0 ? x : Side - 1 - x, row = (turn & 2) == 0 ? y : Side - 1 - y;
                    turned[y * Side + x] = (turn & 4) == 0 ? gray[row * Side + column] : gray[column * Side + row];
                }
            }

            yield return turned;
        }
    }
}

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(
    string Data, string Out, bool Extra, bool More, bool TextRs, string? Descriptions, bool Paraphrases, float Similar, bool Final)
{
    /// <exception cref="SwanOptionsException">Something is missing or unknown.</exception>
    public static Arguments Parse(string[] args)
    {
        string? data = null, target = null;
        var asked = new Arguments("", "", false, false, false, null, false, 0.6f, false);
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--data": data = Value(); break;
                case "--out": target = Value(); break;
                case "--similar": asked = asked with { Similar = Cosine() }; break;
                case "--extra": asked = asked with { Extra = true }; break;
                case "--more": asked = asked with { More = true }; break;
                case "--textrs": asked = asked with { TextRs = true }; break;
                case "--descriptions": asked = asked with { Descriptions = Value() }; break;
                case "--final": asked = asked with { Final = true }; break;
                case "--paraphrases": asked = asked with { Paraphrases = true }; break;
                default: throw new SwanOptionsException($"'{args[i]}' can't be used here.");
            }

            float Cosine() =>
                float.TryParse(Value(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float cosine) && cosine <= 1
                ? cosine : throw new SwanOptionsException($"--similar is '{args[i]}'; expected a number from 0 to 1, such as 0.6.");
            string Value() => ++i < args.Length ? args[i] : throw new SwanOptionsException($"{args[i - 1]} needs a value.");
        }

        if (data is null || target is null) throw new SwanOptionsException("--data and --out are needed.");
        if (Path.Exists(target)) throw new SwanOptionsException($"'{target}' already exists.");
        if (asked is { TextRs: true, More: false }) throw new SwanOptionsException("--textrs has captions for the images of --more.");
        return asked with { Data = data, Out = target };
    }
}
