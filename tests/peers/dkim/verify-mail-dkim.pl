# Reads a message from stdin and prints "ALGORITHM RESULT" for each of its signatures, by Mail::DKIM. Argument: a file of "NAME VALUE" lines, which is DNS.
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::RR;

my %records;
open my $lines, '<', $ARGV[0] or die $!;
while (<$lines>) {
    chomp;
    my ( $name, $value ) = split / /, $_, 2;
    $records{$name} = $value;
}
close $lines;

{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name) = @_;
        return () unless exists $records{$name};
        my @strings = unpack '(A255)*', $records{$name};
        return Net::DNS::RR->new( owner => $name, type => 'TXT', txtdata => [@strings] );
    };
}

binmode STDIN;
my $verifier = Mail::DKIM::Verifier->new;
$verifier->load(*STDIN);
for my $signature ( $verifier->signatures ) {
    print STDERR $signature->result_detail, "\n";
    print $signature->algorithm, ' ', $signature->result, "\n";
}
