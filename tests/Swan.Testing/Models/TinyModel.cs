using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;

namespace Swan.Testing;

/// <summary>
/// A whole model file with towers of one matrix each: an image's embedding is its preprocessed pixels times a matrix, a caption's the sum
/// of its words' rows, both of unit length. Its answers can be worked out by hand, see <see cref="ImageEmbedding"/> and
/// <see cref="CaptionEmbedding"/>.
/// </summary>
public static class TinyModel
{
    public const int Side = 8;
    public const int EmbeddingSize = 6;
    public const int MaxCaptionLength = 12;

    /// <summary>What every image has as the last value of the model of <see cref="WriteWithConstant"/>.</summary>
    public static readonly double Constant = 0.5 / Math.Sqrt(1 + 0.25);

    public static readonly string[] Sentences =
    [
        "planes parked beside terminal", "green river bridge", "storage tanks harbor ships", "stadium farmland houses",
    ];

    /// <summary>Captions of three known words, no two alike.</summary>
    /// <param name="count">At most 1,000.</param>
    public static string[] DifferentCaptions(int count)
    {
        string[] words = [.. Sentences.SelectMany(sentence => sentence.Split(' ')).Distinct().Take(10)];
        return [.. Enumerable.Range(0, count).Select(i => $"{words[i % 10]} {words[i / 10 % 10]} {words[i / 100]}")];
    }

    private const int Pixels = Side * Side * 3;

    public static WordCaptionTokenizer Tokenizer { get; } =
        new(WordVocabulary.Build(Sentences, minimumCount: 1, keepStopWords: true), MaxCaptionLength);

    private static float[] Projection { get; } = Noise(11, Pixels * EmbeddingSize);

    // One row more than ids: the last ids of the vocabulary included.
    private static float[] Table { get; } = Noise(12, Tokenizer.VocabularySize * EmbeddingSize);

    private static float[] Bias { get; } = Noise(13, EmbeddingSize);

    public static ModelCard Card => new()
    {
        Name = "tiny",
        Backbone = "matrix",
        EmbeddingSize = EmbeddingSize,
        Image = new ImagePreprocessing { Size = Side },
        Text = new TextContract(Tokenizer.Contract, MaxCaptionLength, Tokenizer.VocabularySize),
        Parameters = Projection.Length + Table.Length,
        Exported = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Training = new Dictionary<string, string> { ["epochs"] = "0" },
        Metrics = [new CardMetric("mR", 12.5, "four sentences")],
    };

    /// <summary>pixels [N, S, S, 3] → (pixels − 127.5)·W, unit length.</summary>
    public static byte[] ImageOnnx => ImageOnnxOf(operatorSet: 17);

    public static byte[] ImageOnnxOf(long operatorSet) => ImageTower(operatorSet, "embedding")
        .Output("embedding", TinyOnnx.Float, "N", EmbeddingSize)
        .Build();

    /// <summary>The image tower without its output, to go on from.</summary>
    /// <param name="embedding">What its embedding is called; its pixels as numbers are <c>floats</c>.</param>
    public static TinyOnnx ImageTowerInto(string embedding) => ImageTower(17, embedding);

    private static TinyOnnx ImageTower(long operatorSet, string embedding) => new TinyOnnx()
        .OperatorSet("", operatorSet)
        .Input("pixels", TinyOnnx.UInt8, "N", Side, Side, 3)
        .Integers("flat", [-1, Pixels], 2)
        .Weights("middle", [127.5f])
        .Weights("w", Projection, Pixels, EmbeddingSize)
        .Node("Cast", ["pixels"], "floats", ("to", 1L))
        .Node("Sub", ["floats", "middle"], "centred")
        .Node("Reshape", ["centred", "flat"], "rows")
        .Node("MatMul", ["rows", "w"], "raw")
        .Node("LpNormalization", ["raw"], embedding, ("axis", -1L), ("p", 2L));

    /// <summary>ids [N, L], lengths [N] → bias + Σ of the first lengths[n] rows of the table, unit length.</summary>
    public static byte[] TextOnnx => TextTower("embedding")
        .Output("embedding", TinyOnnx.Float, "N", EmbeddingSize)
        .Build();

    private static TinyOnnx TextTower(string embedding) => new TinyOnnx()
        .Input("ids", TinyOnnx.Int64, "N", "L")
        .Input("lengths", TinyOnnx.Int64, "N")
        .Weights("table", Table, Tokenizer.VocabularySize, EmbeddingSize)
        .Weights("bias", Bias, EmbeddingSize)
        .Integers("zero", [0])
        .Integers("one", [1])
        .Integers("one_axis", [1], 1)
        .Integers("last_axis", [2], 1)
        .Node("Gather", ["table", "ids"], "vectors", ("axis", 0L))
        .Node("Shape", ["ids"], "shape")
        .Node("Gather", ["shape", "one"], "longest", ("axis", 0L))
        .Node("Range", ["zero", "longest", "one"], "places")
        .Node("Unsqueeze", ["lengths", "one_axis"], "ends")
        .Node("Less", ["places", "ends"], "valid")
        .Node("Cast", ["valid"], "weights", ("to", 1L))
        .Node("Unsqueeze", ["weights", "last_axis"], "mask")
        .Node("Mul", ["vectors", "mask"], "kept")
        .Node("ReduceSum", ["kept", "one_axis"], "sum", ("keepdims", 0L))
        .Node("Add", ["sum", "bias"], "raw")
        .Node("LpNormalization", ["raw"], embedding, ("axis", -1L), ("p", 2L));

    public static byte[] Vocabulary
    {
        get
        {
            using var stream = new MemoryStream();
            Tokenizer.SaveVocabulary(stream);
            return stream.ToArray();
        }
    }

    public static string Write(string folder, string name = "tiny.swan")
    {
        string path = Path.Combine(folder, name);
        SwanModelFile.Write(path, Card, ImageOnnx, TextOnnx, Vocabulary);
        return path;
    }

    /// <summary>The same model decoding large JPEGs in a smaller scale.</summary>
    public static string WriteScaled(string folder)
    {
        string path = Path.Combine(folder, "scaled.swan");
        ModelCard card = Card with { Image = Card.Image with { Decode = ImageDecode.Scaled } };
        SwanModelFile.Write(path, card, ImageOnnx, TextOnnx, Vocabulary);
        return path;
    }

    /// <summary>
    /// The same model with one more value: <see cref="Constant"/> for images, whose others are as much shorter, and 0 for captions. Its
    /// card says so.
    /// </summary>
    public static string WriteWithConstant(string folder)
    {
        byte[] image = Longer(ImageTower(17, "plain"), (float)Math.Sqrt(1 - Constant * Constant), (float)Constant),
            text = Longer(TextTower("plain"), 1, 0);
        string path = Path.Combine(folder, "constant.swan");
        var bank = new Querybank { Images = 2, Temperature = 0.1, Data = "bank", Sha256 = new string('0', 64) };
        SwanModelFile.Write(path, Card with { EmbeddingSize = EmbeddingSize + 1, Querybank = bank }, image, text, Vocabulary);
        return path;

        static byte[] Longer(TinyOnnx tower, float length, float constant) => tower
            .Output("embedding", TinyOnnx.Float, "N", EmbeddingSize + 1)
            .Weights("length", [length])
            .Weights("constant", [constant])
            .Integers("margins", [0, 0, 0, 1], 4)
            .Node("Mul", ["plain", "length"], "shorter")
            .Node("Pad", ["shorter", "margins", "constant"], "embedding")
            .Build();
    }

    /// <summary>The image tower's answer, worked out without ONNX Runtime.</summary>
    public static float[] ImageEmbedding(RgbImage image)
    {
        byte[] pixels = new byte[Pixels];
        ImagePreprocessor.Prepare(image, Card.Image, pixels);
        double[] sums = new double[EmbeddingSize];
        for (int p = 0; p < Pixels; p++)
        {
            for (int d = 0; d < EmbeddingSize; d++) sums[d] += (pixels[p] - 127.5) * Projection[p * EmbeddingSize + d];
        }
        return Unit(sums);
    }

    /// <summary>The text tower's answer, worked out without ONNX Runtime.</summary>
    public static float[] CaptionEmbedding(string caption)
    {
        double[] sums = Array.ConvertAll(Bias, b => (double)b);
        foreach (int id in Tokenizer.Tokenize(caption).Ids)
        {
            for (int d = 0; d < EmbeddingSize; d++) sums[d] += Table[id * EmbeddingSize + d];
        }
        return Unit(sums);
    }

    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance: 2e-6f);
    }

    private static float[] Unit(double[] values)
    {
        double norm = Math.Sqrt(values.Sum(v => v * v));
        return Array.ConvertAll(values, v => (float)(v / norm));
    }

    private static float[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
