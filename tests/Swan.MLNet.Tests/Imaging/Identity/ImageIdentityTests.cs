using System.Buffers.Binary;
using System.Security.Cryptography;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging.Identity;

public sealed class ImageIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_renamed_file_is_identical_and_has_the_hash_of_its_bytes()
    {
        string file = Draw("a.png", seed: 1), renamed = _folder.File("b.tif");
        File.Copy(file, renamed);

        ImageIdentity identity = ImageIdentity.Read(file);

        Assert.Equal(identity, ImageIdentity.Read(renamed));
        Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(File.ReadAllBytes(file))), identity.ContentHash);
    }

    [Fact]
    public void Saved_again_as_jpeg_40_or_at_half_size_a_picture_looks_the_same()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            string file = Draw($"{seed}.png", seed), jpeg = _folder.File($"{seed}.jpg"), half = _folder.File($"{seed}-half.png");
            SavedAgain.AsJpeg(file, jpeg);
            SavedAgain.AtHalfSize(file, half);
            var set = new ImageIdentitySet([ImageIdentity.Read(file)]);

            Assert.Equal(ImageMatch.LookAlike, set.Find(ImageIdentity.Read(jpeg)));
            Assert.Equal(ImageMatch.LookAlike, set.Find(ImageIdentity.Read(half)));
        }
    }

    [Fact]
    public void Different_pictures_of_one_kind_do_not_look_the_same()
    {
        ImageIdentity[] images = [.. Enumerable.Range(0, 200).Select(seed => ImageIdentity.Read(Draw($"{seed}.png", seed)))];

        Assert.Equal(default, ImageCopies.Count(images));
    }

    [Fact]
    public void An_image_has_the_same_identity_in_whatever_scale_a_model_takes_it()
    {
        string path = _folder.File("large.jpg");
        byte[] file = NaturalPictures.Jpeg(403, 301, seed: 2);
        File.WriteAllBytes(path, file);
        ImageIdentity identity = ImageIdentity.Read(path);
        foreach (int side in (int[])[8, 20, 50, 100])
        {
            ImageDecodingOptions decoding = new ImageDecodingOptions().For(new() { Size = side, Decode = ImageDecode.Scaled });
            RgbImage scaled = ImageDecoder.Decode(path, decoding);
            Assert.True(scaled.Width < 403);

            Assert.Equal(identity, ImageIdentity.Read(path, decoding));
            Assert.Equal(identity, ImageIdentity.Create(file, scaled));
            Assert.Contains("403×301 pixels was decoded at", Assert.Throws<ArgumentException>(
                () => PerceptualHash.Compute(scaled)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(403, 300, "these bytes have 403×300 pixels, but the picture's file has 403×301")]
    [InlineData(301, 403, "these bytes have 301×403 pixels")]
    [InlineData(100, 80, "these bytes have 100×80 pixels")]
    [InlineData(500, 400, "these bytes have more than 403×301 pixels")]
    public void Bytes_of_another_picture_than_the_scaled_one_are_refused(int width, int height, string reason)
    {
        ImageDecodingOptions decoding = new ImageDecodingOptions().For(new() { Size = 20, Decode = ImageDecode.Scaled });
        RgbImage scaled = ImageDecoder.Decode(NaturalPictures.Jpeg(403, 301, seed: 2), "large.jpg", decoding);

        var fault = Assert.Throws<SwanImageException>(() => ImageIdentity.Create(NaturalPictures.Jpeg(width, height, seed: 3), scaled));

        Assert.Equal(ImageFault.Corrupt, fault.Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_within_a_collection_count_once_each()
    {
        string file = Draw("a.png", seed: 1), renamed = _folder.File("b.png"), jpeg = _folder.File("a.jpg");
        File.Copy(file, renamed);
        SavedAgain.AsJpeg(file, jpeg, quality: 90);

        string[] files = [file, renamed, jpeg, Draw("c.png", seed: 2)];
        ImageOverlap copies = ImageCopies.Count([.. files.Select(f => ImageIdentity.Read(f))]);

        Assert.Equal(new ImageOverlap(Identical: 1, LookAlike: 1), copies);
        Assert.Equal("1 byte for byte, 1 look the same", copies.ToString());
    }

    [Fact]
    public void A_file_that_is_no_image_is_named()
    {
        string file = _folder.File("text.png");
        File.WriteAllText(file, "no image");

        var fault = Assert.Throws<SwanImageException>(() => ImageIdentity.Read(file));

        Assert.Equal((file, ImageFault.NotAnImage), (fault.ImageName, fault.Fault));
    }

    private string Draw(string name, int seed)
    {
        string path = _folder.File(name);
        Sketches.Write(path, seed);
        return path;
    }
}
