namespace Outboard.Samples.TrainClassifier;

/// <summary>What a frame can be classified as; the order is the order of the model's outputs.</summary>
internal enum TrafficClass
{
    Other,
    Dns,
    Http,
    Tls,
    Mail,
    Ftp,
    Scan,
    Attack,
}

internal static class TrafficClasses
{
    public static readonly string[] Names = ["other", "dns", "http", "tls", "mail", "ftp", "scan", "attack"];

    public static int Count => Names.Length;
}
